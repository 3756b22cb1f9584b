package chaos

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"chatnode/ops/e2e/client"
)

// ackPatience is how long a writer waits for an answer before it goes to another node and sends
// everything again that it has not had an answer to.
const ackPatience = 5 * time.Second

// mostOpen is how many unanswered messages a writer lets stand before it makes no new ones, and mostSent
// how many of them wait for an answer at once: one that sent them all whenever it comes to another node
// would have left that again before it has read the answers.
const (
	mostOpen = 2000
	mostSent = 256
)

// An ack is one message that was acknowledged.
type ack struct {
	writer, text, id, stored string
	seq                      uint64 // 0: without a place yet
	conn, tries              int    // which of the writer's connections, and how many sendings it took
	at                       time.Time
}

// A writer sends messages at a steady rate over one connection at a time, and each of them, under the
// one id, until it is acknowledged. What it says it knows is read after stop.
type writer struct {
	name string
	room string
	dial []client.Dial // the nodes, tried in turn
	gap  time.Duration // between two messages

	acked   []ack
	answers map[string]int // code of errors, by how often
	refused []string       // answers that say: never try again
	count   atomic.Int64   // of acked
	put     atomic.Int64   // put off: answers that say to try again later
	padding string         // after each text
	hop     time.Duration  // it leaves every node after so long, answers awaited or not; 0: it stays

	open   []*letter // sent and not acknowledged, in order
	number int       // of messages made
	node   int
	conn   int
	due    time.Time // of the next message

	quiet  chan struct{} // closed: make no new messages
	cancel context.CancelFunc
	done   chan struct{}
}

// padding is what the texts of a row with large messages end in.
const padding = "."

// unpadded is the text as the writer knows it.
func unpadded(text string) string { return strings.TrimRight(text, padding) }

// A letter is a message on its way.
type letter struct {
	text   string
	sent   time.Time // the last time
	tries  int
	waitTo time.Time // not before
	idle   bool      // answered with an error, to be sent again
}

// startWriter starts a writer that begins at the given node.
func startWriter(name, room string, dial []client.Dial, node int, l load, hop time.Duration) *writer {
	ctx, cancel := context.WithCancel(context.Background())
	w := &writer{
		name: name, room: room, dial: dial, node: node, gap: l.gap, padding: strings.Repeat(padding, l.padding), hop: hop, answers: map[string]int{},
		quiet: make(chan struct{}), cancel: cancel, done: make(chan struct{}), due: time.Now(),
	}
	go w.run(ctx)
	return w
}

func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	for ctx.Err() == nil && !w.finished() {
		l, err := listen(ctx, w.dial[w.node%len(w.dial)], func(text []byte) bool {
			return typed(text, "ack", "error", "throttled", "unreadable")
		})
		if err == nil {
			w.conn++
			w.serve(ctx, l)
			l.close()
		}
		w.node++
		rest(ctx)
	}
}

// finished reports whether nothing is to be written any more and everything is answered.
func (w *writer) finished() bool {
	select {
	case <-w.quiet:
		return len(w.open) == 0
	default:
		return false
	}
}

// serve uses one connection until it ends, or no answer comes.
func (w *writer) serve(ctx context.Context, l *listener) {
	for _, m := range w.open {
		m.idle = true
		m.waitTo = time.Time{}
	}
	tick := time.NewTicker(max(w.gap/2, 2*time.Millisecond))
	defer tick.Stop()
	leave := after(w.hop)
	for {
		select {
		case f, ok := <-l.frames:
			if !ok {
				return
			}
			w.take(f)
		case now := <-tick.C:
			if l.conn.Deadline(now.Add(4*ackPatience)) != nil || !w.write(l, now) {
				return
			}
		case <-leave:
			return
		case <-ctx.Done():
			return
		}
		if w.finished() {
			return
		}
	}
}

// write sends what is due. It reports whether the connection is still worth having.
func (w *writer) write(l *listener, now time.Time) bool {
	w.produce(now)
	sent := 0
	for _, m := range w.open {
		if !m.idle {
			sent++
		}
	}
	for _, m := range w.open {
		switch {
		case m.idle && !now.Before(m.waitTo) && sent < mostSent:
			m.idle, m.sent = false, now
			m.tries++
			sent++
			if l.send(client.Command{Type: "send_message", ID: m.text, Room: w.room, Message: m.text + w.padding}) != nil {
				return false
			}
		case !m.idle && now.Sub(m.sent) > ackPatience:
			return false
		}
	}
	return true
}

// produce makes the messages whose time has come.
func (w *writer) produce(now time.Time) {
	select {
	case <-w.quiet:
		return
	default:
	}
	for ; !w.due.After(now) && len(w.open) < mostOpen; w.due = w.due.Add(w.gap) {
		w.open = append(w.open, &letter{text: fmt.Sprintf("%s-%06d", w.name, w.number), idle: true})
		w.number++
	}
	if w.due.Before(now) { // a writer that could not write does not make up for it
		w.due = now
	}
}

// take is an answer.
func (w *writer) take(f client.Frame) {
	for i, m := range w.open {
		if m.text != f.ID {
			continue
		}
		switch {
		case f.Type == "ack":
			w.acked = append(w.acked, ack{w.name, m.text, f.MessageID, f.Stored, f.Seq, w.conn, m.tries, time.Now()})
			w.count.Add(1)
			w.open = append(w.open[:i], w.open[i+1:]...)
		case f.Type == "error" && !f.Retry || f.Type == "unreadable":
			w.refused = append(w.refused, f.Raw)
			w.open = append(w.open[:i], w.open[i+1:]...)
		default:
			w.answers[f.Code]++
			w.put.Add(1)
			m.idle, m.waitTo = true, time.Now().Add(min(max(time.Duration(f.RetryAfterMs)*time.Millisecond, 50*time.Millisecond), time.Second))
		}
		return
	}
}

// finish lets the writer bring home what it has begun, within ctx, and returns how many messages
// remained without an answer.
func (w *writer) finish(ctx context.Context) (unanswered int) {
	close(w.quiet)
	select {
	case <-w.done:
	case <-ctx.Done():
	}
	w.stop()
	return len(w.open)
}

// stop ends the writer at once. It may be called more than once.
func (w *writer) stop() {
	w.cancel()
	<-w.done
}

// after is time.After, and never for 0.
func after(d time.Duration) <-chan time.Time {
	if d == 0 {
		return nil
	}
	return time.After(d)
}

// rest waits a moment, so that a dead node is not dialled in a tight loop.
func rest(ctx context.Context) {
	t := time.NewTimer(30 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
