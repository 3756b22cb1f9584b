package chattest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// foldCasesJSON is the source of FoldCases. Tests in other languages read the file.
//
//go:embed fold_cases.json
var foldCasesJSON []byte

// FoldCase is a sequence of writes to an empty room, and the history of the room after them.
//
// Times are not real: At and EditedAt are the seq of the entry that was appended at this time. Entries of a real log
// can be compared after WithTimes.
type FoldCase struct {
	Name    string
	Steps   []FoldStep
	History []chat.Entry // one entry per seq, with all edits and deletions applied
}

// FoldStep is one write and its expected result.
type FoldStep struct {
	Write   chat.Write   // without Room and Key
	Entry   chat.Entry   // the appended and delivered entry; zero if the write is refused
	Refused chat.Refusal // the write is refused and changes nothing, unless it is chat.NotRefused
}

// WithTimes returns a copy of e with the times of a log. at[i] is the time at which the entry with seq i+1 was
// appended.
func WithTimes(e chat.Entry, at []int64) chat.Entry {
	if n := e.Message.At; n > 0 {
		e.Message.At = at[n-1]
	}
	if n := e.Message.EditedAt; n > 0 {
		e.Message.EditedAt = at[n-1]
	}
	return e
}

// FoldCases returns the cases in fold_cases.json. It panics if the file is invalid.
func FoldCases() []FoldCase {
	var list []struct {
		Name  string
		Steps []struct {
			Write   jsonWrite
			Entry   *jsonEntry
			Refused string
		}
		History []jsonEntry
	}
	d := json.NewDecoder(bytes.NewReader(foldCasesJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		panic(fmt.Sprintf("chattest: decode fold_cases.json: %v", err))
	}
	cases := make([]FoldCase, len(list))
	for i, c := range list {
		cases[i].Name = c.Name
		for _, s := range c.Steps {
			step := FoldStep{Write: s.Write.write(), Refused: lookup(refusals, s.Refused)}
			if s.Entry != nil {
				step.Entry = s.Entry.entry()
			}
			cases[i].Steps = append(cases[i].Steps, step)
		}
		for _, e := range c.History {
			cases[i].History = append(cases[i].History, e.entry())
		}
	}
	return cases
}

var refusals = map[string]chat.Refusal{
	"": chat.NotRefused, "not_found": chat.RefusedNotFound, "forbidden": chat.RefusedForbidden,
}

var kinds = map[string]chat.EntryKind{
	"message": chat.EntryMessage, "edit": chat.EntryEdit, "delete": chat.EntryDelete, "bulk_delete": chat.EntryBulkDelete,
}

func lookup[T any](values map[string]T, name string) T {
	v, ok := values[name]
	if !ok {
		panic(fmt.Sprintf("chattest: fold_cases.json: unknown name %q", name))
	}
	return v
}

// jsonWrite is a chat.Write in fold_cases.json.
type jsonWrite struct {
	Kind, ID, By, Target, Text, UserID string
	Admin                              bool // By is an admin
}

func (w jsonWrite) write() chat.Write {
	return chat.Write{
		Kind: lookup(kinds, w.Kind), ID: w.ID, Target: w.Target, Text: w.Text, UserID: w.UserID,
		Author: chat.Author{ID: w.By, Admin: w.Admin},
	}
}

// jsonEntry is a chat.Entry in fold_cases.json.
type jsonEntry struct {
	Seq          uint64
	Kind, ID     string
	MessageID    string // edit, deletion: id of the message
	UserID, Text string
	At, EditedAt int64 // seq of the entry that was appended at this time
	Count        int
}

func (e jsonEntry) entry() chat.Entry {
	entry := chat.Entry{Seq: e.Seq, Kind: lookup(kinds, e.Kind), ID: e.ID}
	if entry.Kind == chat.EntryBulkDelete {
		entry.UserID, entry.Count = e.UserID, e.Count
		return entry
	}
	entry.Message = wire.Message{ID: e.MessageID, UserID: e.UserID, Text: e.Text, At: e.At, EditedAt: e.EditedAt}
	if entry.Kind == chat.EntryMessage {
		entry.Message.ID = e.ID
	}
	return entry
}
