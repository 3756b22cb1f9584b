package client

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	ackTimeout    = 5 * time.Second // then the writer connects again and sends again what has no result
	maxSent       = 256             // messages in flight at once; more would not be answered within ackTimeout
	maxRetryDelay = time.Second     // whatever the node asks for
)

// WriterOptions are the options of Write.
type WriterOptions struct {
	Name        string
	Room        string
	Dial        func() Dial   // called before each connection; always the same user, because ids belong to a user
	DialTimeout time.Duration // 0: none
	Interval    time.Duration // between two messages; 0: each message follows the result of the one before
	MaxOpen     int           // messages without a result, after which no new one is made; 0: 1
	Padding     int           // bytes after each text
	Hop         time.Duration // the writer leaves each node after this time, also in the middle of a message; 0: it stays
}

// AckedWrite is one message that a node has acknowledged.
type AckedWrite struct {
	Writer    string
	Text      string // unique: the writer's name and a counter
	MessageID string
	Seq       uint64 // 0: not known at the time of the ack
	Stored    string
	Duplicate bool // a retry of a message that was already stored
	Conn      int  // number of the writer's connection; 0 if each message follows the result of the one before
	Tries     int
	At        time.Time
}

// Writer sends messages across lost connections, each under one id until it has a result.
type Writer struct {
	o      WriterOptions
	cancel context.CancelFunc
	quiet  chan struct{} // closed by Finish: no new messages
	done   chan struct{}

	// Used by the goroutine of the writer.
	open  []*letter // messages without a result, in order
	made  int
	conn  int
	due   time.Time     // of the next message
	delay time.Duration // before the next connection

	mu       sync.Mutex
	acked    []AckedWrite
	answers  map[string]int // errors that allow a retry, by code
	refused  []string       // answers that allow no retry
	progress chan struct{}  // closed and replaced at each ack
}

// letter is a message without a result.
type letter struct {
	text    string
	sentAt  time.Time
	retryAt time.Time
	tries   int
	unsent  bool // to be sent at retryAt
}

// Write starts a Writer.
func Write(o WriterOptions) *Writer {
	o.MaxOpen = cmp.Or(o.MaxOpen, 1)
	ctx, cancel := context.WithCancel(context.Background())
	w := &Writer{
		o: o, cancel: cancel, quiet: make(chan struct{}), done: make(chan struct{}), due: time.Now(),
		answers: map[string]int{}, progress: make(chan struct{}),
	}
	go w.run(ctx)
	return w
}

func (w *Writer) run(ctx context.Context) {
	defer close(w.done)
	for ctx.Err() == nil && !w.finished() {
		w.delay = minRetryDelay + rand.N(minRetryDelay)
		d := w.o.Dial()
		d.Query = url.Values{"room": {w.o.Room}}
		s, err := openStream(ctx, d, w.o.DialTimeout, "ack", "error", "throttled", "shutdown")
		if err == nil {
			w.conn++
			w.serve(ctx, s)
			s.close()
		}
		pause(ctx, w.delay)
	}
}

// finished reports whether no new message is to be made and all have a result.
func (w *Writer) finished() bool {
	select {
	case <-w.quiet:
		return len(w.open) == 0
	default:
		return false
	}
}

// serve uses one connection until it ends, or a result does not arrive in time.
func (w *Writer) serve(ctx context.Context, s *stream) {
	for _, m := range w.open {
		m.unsent, m.retryAt = true, time.Time{}
	}
	tick := time.NewTicker(max(w.o.Interval/2, 2*time.Millisecond))
	defer tick.Stop()
	leave := after(w.o.Hop)
	for !w.finished() {
		now := time.Now()
		if s.conn.Deadline(now.Add(4*ackTimeout)) != nil || !w.write(s.conn, now) {
			return
		}
		select {
		case f, ok := <-s.frames:
			if !ok {
				return
			}
			w.take(f)
		case <-tick.C:
		case <-leave:
			return
		case <-ctx.Done():
			return
		}
	}
}

// write sends what is due. It returns false if the connection is to be closed.
func (w *Writer) write(conn *Conn, now time.Time) bool {
	w.produce(now)
	sent := 0
	for _, m := range w.open {
		if !m.unsent {
			sent++
		}
	}
	for _, m := range w.open {
		switch {
		case m.unsent && !now.Before(m.retryAt) && sent < maxSent:
			m.unsent, m.sentAt = false, now
			m.tries++
			sent++
			if conn.Send(Command{Type: "send_message", ID: m.text, Room: w.o.Room, Message: m.text + strings.Repeat(padding, w.o.Padding)}) != nil {
				return false
			}
		case !m.unsent && now.Sub(m.sentAt) > ackTimeout:
			return false
		}
	}
	return true
}

// produce makes the messages that are due. It does not make up for time in which the writer could not write.
func (w *Writer) produce(now time.Time) {
	select {
	case <-w.quiet:
		return
	default:
	}
	for !w.due.After(now) && len(w.open) < w.o.MaxOpen {
		w.open = append(w.open, &letter{text: fmt.Sprintf("%s-%06d", w.o.Name, w.made), unsent: true})
		w.made++
		w.due = w.due.Add(w.o.Interval)
	}
	if w.due.Before(now) {
		w.due = now
	}
}

// take handles an answer.
func (w *Writer) take(f Frame) {
	if f.Type == "shutdown" {
		w.delay = time.Duration(f.ReconnectAfterMs) * time.Millisecond
		return
	}
	i := slices.IndexFunc(w.open, func(m *letter) bool { return m.text == f.ID })
	if i < 0 {
		return // the result of an earlier attempt
	}
	m := w.open[i]
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case f.Type == "ack":
		a := AckedWrite{Writer: w.o.Name, Text: m.text, MessageID: f.MessageID, Seq: f.Seq, Stored: f.Stored, Duplicate: f.Duplicate, Tries: m.tries, At: time.Now()}
		if w.o.MaxOpen > 1 {
			a.Conn = w.conn
		}
		w.acked = append(w.acked, a)
		close(w.progress)
		w.progress = make(chan struct{})
	case f.Type == "error" && !f.Retry, f.Type == unreadable:
		w.refused = append(w.refused, f.Raw)
	default:
		w.answers[f.Code]++
		m.unsent = true
		m.retryAt = time.Now().Add(min(max(time.Duration(f.RetryAfterMs)*time.Millisecond, 2*minRetryDelay), maxRetryDelay))
		return
	}
	w.open = slices.Delete(w.open, i, i+1)
}

// Acked returns the messages acknowledged so far, in the order of their acks.
func (w *Writer) Acked() []AckedWrite {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.acked)
}

// Count returns how many messages are acknowledged so far.
func (w *Writer) Count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// Answers returns the number of errors that allow a retry, by code.
func (w *Writer) Answers() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.answers)
}

// Err returns an error if a message was refused without a retry.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.refused) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d messages refused, the first: %s", w.o.Name, len(w.refused), w.refused[0])
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
			return fmt.Errorf("%s: %d of %d messages acknowledged: %w", w.o.Name, have, n, ctx.Err())
		}
	}
}

// Finish waits within ctx for the results of the messages made so far, and ends the writer. It may be called once.
func (w *Writer) Finish(ctx context.Context) error {
	close(w.quiet)
	select {
	case <-w.done:
	case <-ctx.Done():
	}
	w.Stop()
	if n := len(w.open); n > 0 {
		return fmt.Errorf("%s: %d messages have no result", w.o.Name, n)
	}
	return w.Err()
}

// Stop ends the writer, also in the middle of a message, and waits for its end. It may be called more than once.
func (w *Writer) Stop() {
	w.cancel()
	<-w.done
}
