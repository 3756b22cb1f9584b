package localbus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"chatnode/actors/chat"
)

var _ chat.Subscriber = (*subscriber)(nil)

var errOpen = errors.New("the subscriber is open already")

// A subscriber hands what is published to the sink, from a goroutine that Open starts and Close ends.
type subscriber struct {
	queue int // batches

	mu   sync.Mutex
	link *session // nil: not open
}

// A session is one opening of the subscriber.
type session struct {
	rooms       map[string]bool // guarded by subscriber.mu
	undelivered []chat.Event    // stored and not delivered yet; guarded by subscriber.mu
	queue       chan []chat.Event
	quit        chan struct{}
	done        chan struct{}
}

// Open implements actors.Subscriber. Nothing is subscribed yet.
func (s *subscriber) Open(ctx context.Context, sink func(chat.Event)) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("open the subscriber: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link != nil {
		return errOpen
	}
	s.link = &session{rooms: map[string]bool{}, queue: make(chan []chat.Event, s.queue), quit: make(chan struct{}), done: make(chan struct{})}
	go s.link.run(sink)
	return nil
}

// Subscribe implements actors.Subscriber: what is stored from now on is heard.
func (s *subscriber) Subscribe(ctx context.Context, rooms ...string) error {
	return s.set(ctx, rooms, func(l *session, room string) { l.rooms[room] = true })
}

// Unsubscribe implements actors.Subscriber. What is queued already is still heard.
func (s *subscriber) Unsubscribe(ctx context.Context, rooms ...string) error {
	return s.set(ctx, rooms, func(l *session, room string) { delete(l.rooms, room) })
}

func (s *subscriber) set(ctx context.Context, rooms []string, f func(*session, string)) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("change subscriptions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil {
		return ErrClosed
	}
	for _, room := range rooms {
		f(s.link, room)
	}
	return nil
}

// Close implements actors.Subscriber. It must not be called from the sink. Close of one that is not open does nothing.
func (s *subscriber) Close() error {
	s.mu.Lock()
	l := s.link
	s.link = nil
	s.mu.Unlock()
	if l != nil {
		close(l.quit)
		<-l.done
	}
	return nil
}

// onCommit is the log's hook: it holds what was stored in subscribed rooms for deliver.
func (s *subscriber) onCommit(events []chat.Delivered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil {
		return
	}
	for i := range events {
		if s.link.rooms[events[i].Room] {
			s.link.undelivered = append(s.link.undelivered, &events[i])
		}
	}
}

// deliver queues what is held. It blocks while the queue is full.
func (s *subscriber) deliver() {
	s.mu.Lock()
	l := s.link
	var batch []chat.Event
	if l != nil {
		batch, l.undelivered = l.undelivered, nil
	}
	s.mu.Unlock()
	l.put(context.Background(), batch)
}

// enqueueSignals queues signals that are for all nodes or for a subscribed room. When ctx ends first they are lost.
func (s *subscriber) enqueueSignals(ctx context.Context, signals []chat.Signal) {
	s.mu.Lock()
	l := s.link
	var batch []chat.Event
	for i := range signals {
		if room := signals[i].Room; l != nil && (room == "" || l.rooms[room]) {
			batch = append(batch, signals[i])
		}
	}
	s.mu.Unlock()
	l.put(ctx, batch)
}

// put queues a batch, unless there is none.
func (l *session) put(ctx context.Context, batch []chat.Event) {
	if len(batch) == 0 {
		return
	}
	select {
	case l.queue <- batch:
	case <-l.quit:
	case <-ctx.Done():
	}
}

// run is the link's goroutine.
func (l *session) run(sink func(chat.Event)) {
	defer close(l.done)
	for {
		select {
		case <-l.quit:
			return
		case batch := <-l.queue:
			for _, e := range batch {
				sink(e)
			}
		}
	}
}
