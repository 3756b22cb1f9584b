package actors

import (
	"context"

	"chatnode/actors/wire"
)

// What a room asks of the log.
type (
	readLog struct { // answered by logRead
		query  Query
		resume *join
		reply  *Process
	}
	readHistory struct {
		history
		set *Settings
	}
)

var _ storeCall = (*readLog)(nil)

func (m *readLog) run(ctx context.Context, s *store) {
	page, err := s.reader.Range(ctx, m.query)
	m.reply.Post(&logRead{m.query, page, err, m.resume})
}

func (m *readLog) abort(_ *store, err error) {
	m.reply.Post(&logRead{m.query, Page{}, err, m.resume})
}

var _ storeCall = (*readHistory)(nil)

func (m *readHistory) run(ctx context.Context, s *store) {
	at, data, more, err := readMessages(ctx, s.reader, m.room, m.before, m.limit)
	if err != nil {
		answerError(m.client, m.id, wire.CodeDegraded)
		return
	}
	m.client.answer(answerBudget(m.set.OutboxBytes).historyFrame(m.id, m.room, at, data, more))
}

func (m *readHistory) abort(_ *store, err error) { answerError(m.client, m.id, wire.CodeInternal) }

// readMessages gathers the newest limit messages before a seq (0: from the end), oldest first. The
// log holds edits and deletions in between, so it may take several reads.
func readMessages(ctx context.Context, log Reader, room string, before uint64, limit int) (at wire.Position, data []wire.Placed, more bool, err error) {
	q := Query{Room: room, Before: before, Limit: limit + 1, Newest: true}
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
		q.Limit = min(gapPage, 2*q.Limit)
	}
}

func messages(entries []Entry) []wire.Placed {
	data := make([]wire.Placed, 0, len(entries))
	for i := range entries {
		if e := &entries[i]; e.Kind == KindMessage {
			data = append(data, wire.Placed{Seq: e.Seq, Message: e.Message})
		}
	}
	return data
}
