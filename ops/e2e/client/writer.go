package client

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// ackPatience is how long a writer waits for an answer before it tries again under the same id.
const ackPatience = 5 * time.Second

// Acked is one message that a node has acknowledged.
type Acked struct {
	Writer    string
	Text      string // unique: the writer's name and a counter
	MessageID string
	Seq       uint64 // 0: not known at the time of the ack
	Stored    string
	Duplicate bool // acknowledged at a retry, as stored before
	Tries     int
}

// A Writer writes in a closed loop: each message is sent under one id, again and again, across
// lost connections, until it is acknowledged; then comes the next.
type Writer struct {
	Name string
	Room string
	dial func() Dial

	cancel  context.CancelFunc
	wg      sync.WaitGroup
	session *Session // the loop's own

	mu       sync.Mutex
	acked    []Acked
	refusals []string
	progress chan struct{} // closed and replaced at every ack
}

// Write starts a writer. dial is asked before every try to connect and must name the same user
// each time, or an id would be another user's.
func Write(name, room string, dial func() Dial) *Writer {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Writer{Name: name, Room: room, dial: dial, cancel: cancel, progress: make(chan struct{})}
	w.wg.Go(func() {
		defer w.hangUp()
		for k := 0; ctx.Err() == nil; k++ {
			w.deliver(ctx, fmt.Sprintf("%s-%06d", name, k))
		}
	})
	return w
}

// deliver sends one message until it is acknowledged or ctx ends.
func (w *Writer) deliver(ctx context.Context, text string) {
	for try := 1; ctx.Err() == nil; try++ {
		f, err := w.attempt(ctx, text)
		switch {
		case err != nil:
			w.hangUp()
		case f.Type == "ack":
			w.note(Acked{w.Name, text, f.MessageID, f.Seq, f.Stored, f.Duplicate, try})
			return
		case f.Type == "error" && !f.Retry:
			w.refuse(f.Raw)
			return
		}
		rest(ctx)
	}
}

// attempt connects where needed, sends, and waits for what answers the id.
func (w *Writer) attempt(ctx context.Context, text string) (Frame, error) {
	ctx, cancel := context.WithTimeout(ctx, ackPatience)
	defer cancel()
	if w.session == nil {
		d := w.dial()
		d.Query = url.Values{"room": {w.Room}}
		s, err := Open(ctx, d, nil)
		if err != nil {
			return Frame{}, err
		}
		w.session = s
	}
	if err := w.session.Send(Command{Type: "send_message", ID: text, Room: w.Room, Message: text}); err != nil {
		return Frame{}, err
	}
	return w.session.Await(ctx, func(f Frame) bool { return f.ID == text })
}

func (w *Writer) hangUp() {
	if w.session != nil {
		w.session.Close()
		w.session = nil
	}
}

func (w *Writer) note(a Acked) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acked = append(w.acked, a)
	close(w.progress)
	w.progress = make(chan struct{})
}

func (w *Writer) refuse(raw string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refusals = append(w.refusals, raw)
}

// Acked are the messages acknowledged so far, in order.
func (w *Writer) Acked() []Acked {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Acked(nil), w.acked...)
}

// Err is nil unless a message was refused for good.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.refusals) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d messages refused, the first: %s", w.Name, len(w.refusals), w.refusals[0])
}

// Reach waits until n messages are acknowledged.
func (w *Writer) Reach(ctx context.Context, n int) error {
	for {
		w.mu.Lock()
		have, progress := len(w.acked), w.progress
		w.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return fmt.Errorf("%s: %d of %d messages acknowledged: %w", w.Name, have, n, ctx.Err())
		}
	}
}

// Stop ends the writer, in the middle of a message too, and waits for its end. It may be called
// more than once.
func (w *Writer) Stop() {
	w.cancel()
	w.wg.Wait()
}
