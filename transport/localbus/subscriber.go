package localbus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"chatnode/actors/chat"
)

var _ chat.Subscriber = (*subscriber)(nil)

var errAlreadyOpen = errors.New("subscriber already open")

// subscriber passes published events to the sink, from a goroutine that Open starts and Close stops.
type subscriber struct {
	queue int // capacity of a session's queue, in batches

	mu      sync.Mutex
	session *session // nil: not open; guarded by mu
}

// session is the state of the subscriber from Open to Close.
type session struct {
	rooms       map[string]bool // guarded by subscriber.mu
	undelivered []chat.Event    // stored, not queued yet; guarded by subscriber.mu
	queue       chan []chat.Event
	quit        chan struct{}
	done        chan struct{}
}

// Open implements chat.Subscriber. The subscriber starts without subscriptions.
func (s *subscriber) Open(ctx context.Context, sink func(chat.Event)) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("open subscriber: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session != nil {
		return errAlreadyOpen
	}
	s.session = &session{
		rooms: map[string]bool{}, queue: make(chan []chat.Event, s.queue),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go s.session.run(sink)
	return nil
}

// Subscribe implements chat.Subscriber. It takes effect for all later appends.
func (s *subscriber) Subscribe(ctx context.Context, rooms ...string) error {
	return s.set(ctx, rooms, func(ses *session, room string) { ses.rooms[room] = true })
}

// Unsubscribe implements chat.Subscriber. Queued events are still delivered.
func (s *subscriber) Unsubscribe(ctx context.Context, rooms ...string) error {
	return s.set(ctx, rooms, func(ses *session, room string) { delete(ses.rooms, room) })
}

func (s *subscriber) set(ctx context.Context, rooms []string, f func(*session, string)) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("change subscriptions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return ErrClosed
	}
	for _, room := range rooms {
		f(s.session, room)
	}
	return nil
}

// Close implements chat.Subscriber. It must not be called from the sink. It does nothing if the subscriber is closed.
func (s *subscriber) Close() error {
	s.mu.Lock()
	session := s.session
	s.session = nil
	s.mu.Unlock()
	if session != nil {
		close(session.quit)
		<-session.done
	}
	return nil
}

// onCommit is the commit hook of the log. It saves the entries of subscribed rooms for deliver.
func (s *subscriber) onCommit(events []chat.Delivered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return
	}
	for i := range events {
		if s.session.rooms[events[i].Room] {
			s.session.undelivered = append(s.session.undelivered, &events[i])
		}
	}
}

// deliver queues the undelivered entries. It blocks while the queue is full.
func (s *subscriber) deliver() {
	s.mu.Lock()
	session := s.session
	var batch []chat.Event
	if session != nil {
		batch, session.undelivered = session.undelivered, nil
	}
	s.mu.Unlock()
	session.put(context.Background(), batch)
}

// enqueueSignals queues the signals for all nodes or for a subscribed room. It drops the signals if ctx ends before
// the queue has space.
func (s *subscriber) enqueueSignals(ctx context.Context, signals []chat.Signal) {
	s.mu.Lock()
	session := s.session
	var batch []chat.Event
	for i := range signals {
		if room := signals[i].Room; session != nil && (room == "" || session.rooms[room]) {
			batch = append(batch, signals[i])
		}
	}
	s.mu.Unlock()
	session.put(ctx, batch)
}

// put queues a batch. It does nothing if the batch is empty; s may then be nil.
func (s *session) put(ctx context.Context, batch []chat.Event) {
	if len(batch) == 0 {
		return
	}
	select {
	case s.queue <- batch:
	case <-s.quit:
	case <-ctx.Done():
	}
}

// run is the goroutine of the session. It calls sink with the queued events.
func (s *session) run(sink func(chat.Event)) {
	defer close(s.done)
	for {
		select {
		case <-s.quit:
			return
		case batch := <-s.queue:
			for _, e := range batch {
				sink(e)
			}
		}
	}
}
