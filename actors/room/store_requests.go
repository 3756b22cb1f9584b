package room

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/store"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// Requests of a room to the store. They run on the goroutine of the store.
type (
	logPageRequest struct { // answered by logPageResult
		query  chat.Query
		resume *JoinRequest // see logPageResult
		reply  *process.Process
	}
	historyPageRequest struct { // answers the client
		HistoryRequest
		budget fanout.Budget
	}
)

var _ store.Request = (*logPageRequest)(nil)

// Run implements store.Request.
func (m *logPageRequest) Run(ctx context.Context, s *store.Store) {
	page, err := s.Reader.Range(ctx, m.query)
	m.reply.Post(&logPageResult{m.query, page, err, m.resume})
}

// Abort implements store.Request.
func (m *logPageRequest) Abort(_ *store.Store, err error) {
	m.reply.Post(&logPageResult{m.query, chat.Page{}, err, m.resume})
}

var _ store.Request = (*historyPageRequest)(nil)

// Run implements store.Request.
func (m *historyPageRequest) Run(ctx context.Context, s *store.Store) {
	at, data, more, err := readMessages(ctx, s.Reader, m.Room, m.Before, m.Limit)
	if err != nil {
		fanout.AnswerError(m.Client, m.Id, wire.CodeDegraded)
		return
	}
	m.Client.Answer(m.budget.HistoryFrame(m.Id, m.Room, at, data, more))
}

// Abort implements store.Request.
func (m *historyPageRequest) Abort(_ *store.Store, err error) {
	fanout.AnswerError(m.Client, m.Id, wire.CodeInternal)
}

// readMessages returns the newest limit messages before a seq (0: from the end), oldest first. It may read several
// pages, because the log also contains edits and deletions.
func readMessages(ctx context.Context, log chat.Reader, room string, before uint64, limit int) (at wire.Position, data []wire.HistoryItem, more bool, err error) {
	q := chat.Query{Room: room, Before: before, Limit: limit + 1, Newest: true}
	for {
		p, err := log.Range(ctx, q)
		if err != nil {
			return at, nil, false, err
		}
		if at.Epoch == "" {
			at = wire.Position{Epoch: p.Epoch, Seq: p.Seq}
		}
		data = append(messages(p.Entries), data...)
		if len(data) > limit {
			return at, data[len(data)-limit:], true, nil
		}
		if !p.More || len(p.Entries) == 0 {
			return at, data, false, nil
		}
		q.Before = p.Entries[0].Seq
		q.Limit = min(timeline.GapPage, 2*q.Limit)
	}
}

// messages returns the entries that are messages.
func messages(entries []chat.Entry) []wire.HistoryItem {
	data := make([]wire.HistoryItem, 0, len(entries))
	for i := range entries {
		if e := &entries[i]; e.Kind == chat.EntryMessage {
			data = append(data, wire.HistoryItem{Seq: e.Seq, Message: e.Message})
		}
	}
	return data
}
