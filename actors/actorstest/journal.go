package actorstest

import (
	"slices"

	"chatnode/actors/chat"
)

// FakeJournal is a chat.Journal in memory. A test that starts a node again passes it the same journal.
type FakeJournal struct {
	Writes []chat.Write
	Full   bool // Append fails
	Stuck  bool // RemoveFirst fails
}

// Append implements chat.Journal.
func (j *FakeJournal) Append(batch []chat.Write) error {
	if j.Full {
		return chat.ErrJournalFull
	}
	j.Writes = append(j.Writes, batch...)
	return nil
}

// Peek implements chat.Journal.
func (j *FakeJournal) Peek(limit int) ([]chat.Write, error) {
	return slices.Clone(j.Writes[:min(limit, len(j.Writes))]), nil
}

// RemoveFirst implements chat.Journal.
func (j *FakeJournal) RemoveFirst(n int) error {
	if j.Stuck {
		return ErrFake
	}
	j.Writes = slices.Clone(j.Writes[n:])
	return nil
}

// Size implements chat.Journal. It counts each write as one byte.
func (j *FakeJournal) Size() (int, int64) { return len(j.Writes), int64(len(j.Writes)) }
