package actors

import (
	"context"
	"errors"
	"time"
)

// errPanicked is what is told to those whose answer a panic has cost.
var errPanicked = errors.New("actor panicked")

// store owns the data connection: it reads the log, and writes and reads presence, one call at a time.
type store struct {
	limited  time.Duration // what a call may take
	reader   Reader
	presence PresenceStore
	registry Registry
	self     *Process
	now      storeCall // under way, answered in a panic's stead
}

const storeBound = 16384

// A storeCall is a question to the store, which carries itself out on the store's goroutine and posts its
// answer to whoever asked. abort answers in its stead where a panic has cost it.
type storeCall interface {
	run(ctx context.Context, s *store)
	abort(s *store, err error)
}

// A longCall is a call that may take longer than LinkTimeout.
type longCall interface{ limit() time.Duration }

// Receive implements Actor.
func (s *store) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		s.self = self
	case Recovered:
		if s.now != nil {
			s.now.abort(s, errPanicked)
		}
	case storeCall:
		s.call(m)
	}
}

func (s *store) call(m storeCall) {
	s.now = m
	ctx, cancel := context.WithTimeout(context.Background(), s.limit(m))
	defer cancel()
	m.run(ctx, s)
	s.now = nil
}

// again puts a call that is not done yet behind the others.
func (s *store) again(m storeCall) { s.self.Post(m) }

func (s *store) limit(m storeCall) time.Duration {
	if long, ok := m.(longCall); ok {
		return long.limit()
	}
	return s.limited
}

// confirmed closes done when all calls before it have been carried out.
type confirmed struct{ done chan<- struct{} }

func (c confirmed) run(context.Context, *store) { close(c.done) }
func (c confirmed) abort(*store, error)         {}
