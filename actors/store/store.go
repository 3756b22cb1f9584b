package store

import (
	"context"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Ports are the interfaces of the data connection. Requests use them through the Store.
type Ports struct {
	Reader   chat.Reader
	Presence chat.PresenceStore
	Registry chat.Registry
}

// Store executes requests, one at a time, in the order of its mailbox.
type Store struct {
	Ports
	limit   time.Duration // of one request
	self    *process.Process
	current Request // being executed; aborted after a panic
}

// New returns the actor of kind Kind. limit is the time limit of a request that is not a LongRequest.
func New(ports Ports, limit time.Duration) *Store { return &Store{Ports: ports, limit: limit} }

// Receive implements process.Actor.
func (s *Store) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.self = self
	case process.Recovered:
		s.onRecovered()
	case Request:
		s.onRequest(m)
	default:
		self.Unknown(msg)
	}
}

func (s *Store) onRequest(r Request) {
	s.current = r
	ctx, cancel := context.WithTimeout(context.Background(), s.limitOf(r))
	defer cancel()
	r.Run(ctx, s)
	s.current = nil
}

func (s *Store) onRecovered() {
	if s.current != nil {
		s.current.Abort(s, process.ErrPanicked)
	}
}

// Again queues an incomplete request behind the other requests.
func (s *Store) Again(r Request) { s.self.Post(r) }

func (s *Store) limitOf(r Request) time.Duration {
	if long, ok := r.(LongRequest); ok {
		return long.Limit()
	}
	return s.limit
}
