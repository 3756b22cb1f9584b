package redisbus

import (
	"context"
	"errors"
	"slices"
	"sync"

	"chatnode/actors/chat"
)

// errOpen answers an Open of what is open, errNotOpen a call that needs it.
var (
	errOpen    = errors.New("already open")
	errNotOpen = errors.New("not open")
)

// A Subscriber owns the subscribe connection. Calls must not overlap, but for Close. After Broken
// or Close it may be opened again, and starts with the subscriptions of every node.
type Subscriber struct {
	opts    *Options
	addr    Address
	keys    keys
	name    string
	drops   *dropCounter
	decoder decoder

	mu      sync.Mutex
	session *subscriberSession // nil: closed
}

var _ chat.Subscriber = (*Subscriber)(nil)

// Open implements actors.Subscriber. The global room, orders to all nodes and the node's own probe
// are subscribed to when it returns. In a cluster each shard has a reader; they take turns at sink.
func (s *Subscriber) Open(ctx context.Context, sink func(chat.Event)) error {
	const doing = "open the subscription"
	h := &subscriberSession{sub: s, sink: sink, opening: true, router: newRouter(s.addr, s.name, s.opts), conns: map[string]*pubsubConn{}, rooms: map[string]*pubsubConn{}}
	if err := s.begin(h); err != nil {
		return wrapOp(doing, errors.Join(err, h.router.close()))
	}
	for _, group := range s.keys.ownChannels(s.opts.InstanceID) {
		if _, err := h.subscribe(ctx, group); err != nil {
			s.end(h)
			return wrapOp(doing, errors.Join(err, h.close()))
		}
	}
	if err := h.opened(); err != nil {
		s.end(h)
		return errors.Join(err, h.close())
	}
	return nil
}

// begin makes h the current hearing, after one that is over.
func (s *Subscriber) begin(h *subscriberSession) error {
	s.mu.Lock()
	last := s.session
	if last != nil && !last.closed.Load() {
		s.mu.Unlock()
		return errOpen
	}
	s.session = h
	s.mu.Unlock()
	if last != nil {
		return last.close()
	}
	return nil
}

// end makes sure that h is not the current hearing any more.
func (s *Subscriber) end(h *subscriberSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == h {
		s.session = nil
	}
}

func (s *Subscriber) current() *subscriberSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session
}

// Subscribe implements actors.Subscriber: Redis has confirmed every channel when it returns. After
// an error some of the rooms may be subscribed; asking again is safe.
func (s *Subscriber) Subscribe(ctx context.Context, rooms ...string) error {
	const doing = "subscribe"
	h := s.current()
	if h == nil {
		return wrapOp(doing, errNotOpen)
	}
	return wrapOp(doing, h.subscribeRooms(ctx, s.groups(rooms)))
}

// Unsubscribe implements actors.Subscriber: nothing of the rooms is heard once it returns. The
// global room stays.
func (s *Subscriber) Unsubscribe(ctx context.Context, rooms ...string) error {
	const doing = "unsubscribe"
	h := s.current()
	if h == nil {
		return wrapOp(doing, errNotOpen)
	}
	known := slices.DeleteFunc(slices.Clone(rooms), func(room string) bool { return h.rooms[room] == nil })
	return wrapOp(doing, h.unsubscribeRooms(ctx, s.groups(known)))
}

// groups cuts rooms into what one command may name: all of them, or in a cluster one.
func (s *Subscriber) groups(rooms []string) [][]string {
	var all []string
	var groups [][]string
	for _, room := range rooms {
		if room == globalRoom {
			continue // every node has it as long as it is open
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

// Close implements actors.Subscriber. It does not wait longer than some seconds for a sink that blocks.
func (s *Subscriber) Close() error {
	h := s.current()
	if h == nil {
		return nil
	}
	s.end(h)
	return h.close()
}
