package actors

import (
	"context"
	"errors"
	"math"
	"time"

	"chatnode/actors/wire"
)

// errPanicked is what is told to those whose answer a panic has cost.
var errPanicked = errors.New("actor panicked")

// store owns the data connection: it reads the log, and writes and reads presence, one call at a time.
type store struct {
	core     *Core
	reader   Reader
	presence PresenceStore
	registry Registry
	now      any // the request being handled, answered in a panic's stead
}

const storeBound = 16384

// Receive implements Actor.
func (s *store) Receive(self *Process, msg any) {
	if _, ok := msg.(Recovered); ok {
		s.fail(s.now, errPanicked)
		return
	}
	s.now = msg
	ctx, cancel := context.WithTimeout(context.Background(), s.limit(msg))
	defer cancel()
	switch m := msg.(type) {
	case *readLog:
		page, err := s.reader.Range(ctx, m.query)
		m.reply.Post(&logRead{m.query, page, err, m.resume})
	case *readHistory:
		s.history(ctx, m)
	case readRoster:
		users, _, err := s.presence.Roster(ctx, m.room, "", math.MaxInt)
		m.reply.Post(rosterRead{m.room, users, err})
	case *applyPresence:
		counts, err := s.presence.Apply(ctx, m.changes)
		m.reply.Post(applied{m.changes, counts, err})
	case *registerBeat:
		view, err := s.registry.Beat(ctx, m.clients)
		m.reply.Post(beaten{view, err})
	case *seek:
		s.seek(ctx, self, m)
	case *verify:
		lost, err := findLost(ctx, s.reader, s.core.set.HistorySize, m.acked)
		m.reply.Post(&verified{lost, err})
	case signOff:
		if err := s.registry.Remove(ctx); err != nil {
			s.core.sys.Log.Warn().Err(err).Msg("could not leave the registry; the lease will end by itself")
		}
		close(m.done)
	case confirmed:
		close(m.done)
	case storeCall:
		m.run(ctx, s)
	}
	s.now = nil
}

func (s *store) fail(msg any, err error) {
	switch m := msg.(type) {
	case *readLog:
		m.reply.Post(&logRead{m.query, Page{}, err, m.resume})
	case *readHistory:
		answerError(m.client, m.id, wire.CodeInternal)
	case readRoster:
		m.reply.Post(rosterRead{room: m.room, err: err})
	case *applyPresence:
		m.reply.Post(applied{m.changes, nil, err})
	case *registerBeat:
		m.reply.Post(beaten{err: err})
	case *seek:
		m.reply.Post(&sought{seek: m, err: err})
	case *verify:
		m.reply.Post(&verified{err: err})
	case storeCall:
		m.abort(s, err)
	}
}

func (s *store) history(ctx context.Context, m *readHistory) {
	at, data, more, err := readMessages(ctx, s.reader, m.room, m.before, m.limit)
	if err != nil {
		answerError(m.client, m.id, wire.CodeDegraded)
		return
	}
	m.client.answer(s.core.set.historyFrame(m.id, m.room, at, data, more))
}

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

// limit is how long a request may take. Walking through a log takes many calls.
func (s *store) limit(msg any) time.Duration {
	switch msg.(type) {
	case *verify:
		return replayTimeout
	}
	return s.core.set.LinkTimeout
}
