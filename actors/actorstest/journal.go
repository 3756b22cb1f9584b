package actorstest

import (
	"slices"

	"chatnode/actors/chat"
)

// FakeJournal is a disk that outlives its node.
type FakeJournal struct {
	Writes []chat.Write
	Full   bool // it takes nothing more
	Stuck  bool // it can drop nothing
}

func (j *FakeJournal) Append(batch []chat.Write) error {
	if j.Full {
		return chat.ErrJournalFull
	}
	j.Writes = append(j.Writes, batch...)
	return nil
}

func (j *FakeJournal) Peek(limit int) ([]chat.Write, error) {
	return slices.Clone(j.Writes[:min(limit, len(j.Writes))]), nil
}

func (j *FakeJournal) RemoveFirst(n int) error {
	if j.Stuck {
		return ErrFake
	}
	j.Writes = slices.Clone(j.Writes[n:])
	return nil
}

func (j *FakeJournal) Size() (int, int64) { return len(j.Writes), int64(len(j.Writes)) }
