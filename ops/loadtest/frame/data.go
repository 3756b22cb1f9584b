package frame

import (
	"encoding/json"
	"fmt"
)

// Entry is one message of a history.
type Entry struct {
	Seq     uint64 `json:"seq"`
	Message string `json:"message"`
}

// Entries decodes the data of a History frame.
func (f *Frame) Entries() ([]Entry, error) { return decode[Entry](f.Data, "history") }

// Commit is the seq of a provisional message.
type Commit struct {
	Seq uint64 `json:"seq"`
}

// Commits decodes the data of a Committed frame.
func (f *Frame) Commits() ([]Commit, error) { return decode[Commit](f.Data, "commits") }

func decode[T any](data []byte, what string) ([]T, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var list []T
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("decode %s: %w", what, err)
	}
	return list, nil
}
