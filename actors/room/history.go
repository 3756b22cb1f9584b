package room

import (
	"context"

	"chatnode/actors/fanout"
	"chatnode/actors/process"
	storepkg "chatnode/actors/store"
	"chatnode/actors/wire"
)

// serveHistory answers the history requests that need not wait any longer. A request waits for the entries that were
// known to exist when it arrived, so that a client finds the writes that were acknowledged to it before. It does not
// wait for later entries, because it might wait as long as others write.
func (r *Room) serveHistory() {
	if r.deps.Health.LogUnavailable() {
		r.flushHistory()
	}
	for m := r.reader.nextHistory(r.timeline.ShownSeq()); m != nil; m = r.reader.nextHistory(r.timeline.ShownSeq()) {
		r.answerHistory(m)
	}
}

// flushHistory answers all history requests, because no entries will arrive that they wait for.
func (r *Room) flushHistory() {
	for _, m := range r.reader.takeHistory() {
		r.answerHistory(m)
	}
}

// answerHistory answers from the cache if it has the whole page, else from the log.
func (r *Room) answerHistory(m *HistoryRequest) {
	if data, more, ok := r.timeline.Newest(m.Before, m.Limit); ok {
		m.Client.Answer(r.deps.Config.OutboxBytes.HistoryFrame(m.Id, r.name, r.timeline.Position(), data, more))
		return
	}
	if r.deps.Store.TryPost(&historyPageRequest{*m, r.deps.Config.OutboxBytes}) != nil {
		fanout.AnswerError(m.Client, m.Id, wire.CodeOverloaded)
	}
}

// A HistoryPage is a part of the messages of a room, oldest first. Edits and deletions are folded in.
type HistoryPage struct {
	At   wire.Position // newest entry of the log
	Data []wire.HistoryItem
	More bool // there are older messages
}

// AskForHistory reads the newest limit messages before a seq (0: from the end) from the log. It returns ErrDegraded
// if the log cannot be read.
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

// DefaultPage is the default number of messages of a history page, and of users of a roster page.
const DefaultPage = 50
