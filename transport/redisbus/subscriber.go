package redisbus

import (
	"context"
	"errors"
	"slices"
	"sync"

	"chatnode/actors/chat"
)

// Errors of calls in the wrong state of a Subscriber.
var (
	errAlreadyOpen = errors.New("already open")
	errNotOpen     = errors.New("not open")
)

// Subscriber owns the subscribe connection. Only one call may run at a time, except Close. It may be opened again
// after a Disconnected event or Close. It then has only the subscriptions that every node has.
type Subscriber struct {
	opts    *Options
	addr    Address
	keys    keys
	name    string
	drops   *dropCounter
	decoder decoder

	mu      sync.Mutex
	session *subscriberSession // nil: not open; guarded by mu
}

var _ chat.Subscriber = (*Subscriber)(nil)

// Open implements chat.Subscriber. When it returns, the subscriptions to the global room, to orders to all nodes and
// to the probe of this node are effective. In a cluster each shard has a reader goroutine. They call sink one at a
// time.
func (s *Subscriber) Open(ctx context.Context, sink func(chat.Event)) error {
	const op = "open subscription"
	session := &subscriberSession{
		sub: s, sink: sink, opening: true, router: newRouter(s.addr, s.name, s.opts),
		conns: map[string]*pubsubConn{}, rooms: map[string]*pubsubConn{},
	}
	if err := s.setSession(session); err != nil {
		return wrapOp(op, errors.Join(err, session.router.close()))
	}
	for _, group := range s.keys.nodeChannels(s.opts.InstanceID) {
		if _, err := session.subscribe(ctx, group); err != nil {
			s.unsetSession(session)
			return wrapOp(op, errors.Join(err, session.close()))
		}
	}
	if err := session.finishOpen(); err != nil {
		s.unsetSession(session)
		return errors.Join(err, session.close())
	}
	return nil
}

// setSession makes session the current one, and releases a previous one that was disconnected.
func (s *Subscriber) setSession(session *subscriberSession) error {
	s.mu.Lock()
	previous := s.session
	if previous != nil && !previous.closed.Load() {
		s.mu.Unlock()
		return errAlreadyOpen
	}
	s.session = session
	s.mu.Unlock()
	if previous != nil {
		return previous.close()
	}
	return nil
}

// unsetSession clears the current session if it is session.
func (s *Subscriber) unsetSession(session *subscriberSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == session {
		s.session = nil
	}
}

func (s *Subscriber) currentSession() *subscriberSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session
}

// Subscribe implements chat.Subscriber. It returns when Redis has confirmed every channel. After an error some of
// the rooms may be subscribed, and the caller may retry.
func (s *Subscriber) Subscribe(ctx context.Context, rooms ...string) error {
	const op = "subscribe"
	session := s.currentSession()
	if session == nil {
		return wrapOp(op, errNotOpen)
	}
	return wrapOp(op, session.subscribeRooms(ctx, s.groups(rooms)))
}

// Unsubscribe implements chat.Subscriber. After it returns, the sink receives nothing for the rooms. The global room
// remains subscribed.
func (s *Subscriber) Unsubscribe(ctx context.Context, rooms ...string) error {
	const op = "unsubscribe"
	session := s.currentSession()
	if session == nil {
		return wrapOp(op, errNotOpen)
	}
	subscribed := slices.DeleteFunc(slices.Clone(rooms), func(room string) bool { return session.rooms[room] == nil })
	return wrapOp(op, session.unsubscribeRooms(ctx, s.groups(subscribed)))
}

// groups splits rooms into groups for one command each: one room in a cluster, else all rooms.
func (s *Subscriber) groups(rooms []string) [][]string {
	var all []string
	var groups [][]string
	for _, room := range rooms {
		if room == globalRoom {
			continue // an open Subscriber is always subscribed to it
		}
		if s.keys.cluster {
			groups = append(groups, []string{room})
		}
		all = append(all, room)
	}
	if !s.keys.cluster && len(all) > 0 {
		groups = [][]string{all}
	}
	return groups
}

func (s *Subscriber) channels(rooms []string) []string {
	var list []string
	for _, room := range rooms {
		list = append(list, s.keys.roomChannels(room)...)
	}
	return list
}

// Close implements chat.Subscriber. It returns an error if sink blocks for longer than closeTimeout.
func (s *Subscriber) Close() error {
	session := s.currentSession()
	if session == nil {
		return nil
	}
	s.unsetSession(session)
	return session.close()
}
