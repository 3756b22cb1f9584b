package store

import (
	"context"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Store owns the data connection: it reads the log, and writes and reads presence, one call at a time.
type Store struct {
	Limited  time.Duration // what a call may take
	Reader   chat.Reader
	Presence chat.PresenceStore
	Registry chat.Registry
	self     *process.Process
	current  StoreRequest // under way, answered in a panic's stead
}

// A StoreRequest is a question to the store, which carries itself out on the store's goroutine and posts its
// answer to whoever asked. abort answers in its stead where a panic has cost it.
type StoreRequest interface {
	Run(ctx context.Context, s *Store)
	Abort(s *Store, err error)
}

// A LongCall is a call that may take longer than LinkTimeout.
type LongCall interface{ Limit() time.Duration }

// Receive implements Actor.
func (s *Store) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.self = self
	case process.Recovered:
		if s.current != nil {
			s.current.Abort(s, process.ErrPanicked)
		}
	case StoreRequest:
		s.call(m)
	}
}

func (s *Store) call(m StoreRequest) {
	s.current = m
	ctx, cancel := context.WithTimeout(context.Background(), s.limit(m))
	defer cancel()
	m.Run(ctx, s)
	s.current = nil
}

// Again puts a call that is not done yet behind the others.
func (s *Store) Again(m StoreRequest) { s.self.Post(m) }

func (s *Store) limit(m StoreRequest) time.Duration {
	if long, ok := m.(LongCall); ok {
		return long.Limit()
	}
	return s.Limited
}

// Barrier closes done when all calls before it have been carried out.
type Barrier struct{ Done chan<- struct{} }

func (c Barrier) Run(context.Context, *Store) { close(c.Done) }
func (c Barrier) Abort(*Store, error)         {}

// Kind is the kind of the store actor.
var Kind = process.Kind{Name: "store", Capacity: 16384, Parent: "bridge"}
