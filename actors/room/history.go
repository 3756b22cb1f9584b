package room

import (
	"context"

	"chatnode/actors/process"
	storepkg "chatnode/actors/store"
	"chatnode/actors/wire"
)

// A HistoryPage is a part of a room's messages, oldest first, edits and deletions folded in.
type HistoryPage struct {
	At   wire.Position // where the room's order stands
	Data []wire.HistoryItem
	More bool // there are older ones
}

// AskForHistory reads the newest limit messages before a seq (0: from the end) from the log. ErrDegraded: it
// cannot be read now.
func AskForHistory(ctx context.Context, store *process.Process, room string, before uint64, limit int) (HistoryPage, error) {
	return process.Ask(ctx, store, func(reply chan<- process.Answer[HistoryPage]) any {
		return &apiHistoryRequest{room, before, limit, reply}
	})
}

type apiHistoryRequest struct {
	room   string
	before uint64
	limit  int
	reply  chan<- process.Answer[HistoryPage]
}

var _ storepkg.Request = (*apiHistoryRequest)(nil)

func (a *apiHistoryRequest) Run(ctx context.Context, s *storepkg.Store) {
	at, data, more, err := readMessages(ctx, s.Reader, a.room, a.before, a.limit)
	a.reply <- process.Answer[HistoryPage]{Value: HistoryPage{at, data, more}, Err: storepkg.AsDegraded(err)}
}

func (a *apiHistoryRequest) Abort(_ *storepkg.Store, err error) {
	a.reply <- process.Answer[HistoryPage]{Err: err}
}

const (
	DefaultPage = 50 // entries of a history page, users of a roster page
)
