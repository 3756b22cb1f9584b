package actors

import (
	"context"

	"chatnode/actors/wire"
)

// A HistoryPage is a part of a room's messages, oldest first, edits and deletions folded in.
type HistoryPage struct {
	At   wire.Position // where the room's order stands
	Data []wire.Placed
	More bool // there are older ones
}

// askForHistory reads the newest limit messages before a seq (0: from the end) from the log. ErrDegraded: it
// cannot be read now.
func askForHistory(ctx context.Context, store *Process, room string, before uint64, limit int) (HistoryPage, error) {
	answer := make(chan answerTo[HistoryPage], 1)
	return await(ctx, store.Tell(&askHistory{room, before, limit, answer}), answer)
}

type askHistory struct {
	room   string
	before uint64
	limit  int
	done   chan<- answerTo[HistoryPage]
}

var _ storeCall = (*askHistory)(nil)

func (a *askHistory) run(ctx context.Context, s *store) {
	at, data, more, err := readMessages(ctx, s.reader, a.room, a.before, a.limit)
	a.done <- answerTo[HistoryPage]{HistoryPage{at, data, more}, lost(err)}
}

func (a *askHistory) abort(_ *store, err error) { a.done <- answerTo[HistoryPage]{err: err} }
