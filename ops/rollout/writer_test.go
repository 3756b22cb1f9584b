package rollout

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"chatnode/ops/e2e/client"
)

// ackPatience is how long a writer waits for an answer before it tries again under the same id.
const ackPatience = 5 * time.Second

// A writer writes at a pace: each message under one id, again and again across lost connections until it
// is acknowledged; then, not before its time, the next.
type writer struct {
	name string
	dial client.Dial

	cancel  context.CancelFunc
	wg      sync.WaitGroup
	conn    *client.Conn      // the loop's own; nil: not connected
	answers chan client.Frame // of conn; closed with it
	away    time.Duration     // before the next connection

	mu      sync.Mutex
	acked   []client.Acked
	refused []string
}

func write(name string, dial client.Dial, every time.Duration) *writer {
	dial.Query = url.Values{"room": {room}}
	ctx, cancel := context.WithCancel(context.Background())
	w := &writer{name: name, dial: dial, cancel: cancel}
	w.wg.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		defer w.hangUp()
		for k := 0; ctx.Err() == nil; k++ {
			w.deliver(ctx, fmt.Sprintf("%s-%06d", name, k))
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return w
}

func (w *writer) deliver(ctx context.Context, text string) {
	for try := 1; ctx.Err() == nil; try++ {
		f, err := w.attempt(ctx, text)
		switch {
		case err != nil:
			w.hangUp()
		case f.Type == "ack":
			w.note(client.Acked{Writer: w.name, Text: text, MessageID: f.MessageID, Seq: f.Seq, Stored: f.Stored, Duplicate: f.Duplicate, Tries: try})
			return
		case !f.Retry:
			w.refuse(f.Raw)
			return
		}
		rest(ctx, max(20*time.Millisecond, w.away))
		w.away = 0
	}
}

func (w *writer) attempt(ctx context.Context, text string) (client.Frame, error) {
	ctx, cancel := context.WithTimeout(ctx, ackPatience)
	defer cancel()
	if w.conn == nil {
		conn, err := w.dial.Open(ctx)
		if err != nil {
			return client.Frame{}, err
		}
		w.conn, w.answers = conn, make(chan client.Frame, 64)
		w.wg.Go(func() { listen(conn, w.answers) })
	}
	if err := send(w.conn, client.Command{Type: "send_message", ID: text, Room: room, Message: text}); err != nil {
		return client.Frame{}, err
	}
	for {
		select {
		case f, open := <-w.answers:
			switch {
			case !open:
				return f, errors.New("the connection has ended")
			case f.Type == "shutdown":
				w.away = time.Duration(f.ReconnectAfterMs) * time.Millisecond
			case f.ID == text:
				return f, nil
			}
		case <-ctx.Done():
			return client.Frame{}, fmt.Errorf("no answer to %s: %w", text, ctx.Err())
		}
	}
}

// listen passes on what concerns a writer: answers, and the word that the node goes.
func listen(conn *client.Conn, answers chan<- client.Frame) {
	defer close(answers)
	for {
		f, err := read(conn)
		if err != nil {
			return
		}
		if f.ID == "" && f.Type != "shutdown" {
			continue
		}
		select {
		case answers <- f:
		default: // answers to tries that nobody waits for any more have filled it
		}
	}
}

func (w *writer) hangUp() {
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
}

func (w *writer) note(a client.Acked) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acked = append(w.acked, a)
}

func (w *writer) refuse(raw string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, w.name+": "+raw)
}

func (w *writer) seen() (acked []client.Acked, refused []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]client.Acked(nil), w.acked...), append([]string(nil), w.refused...)
}

func (w *writer) stop() {
	w.cancel()
	w.wg.Wait()
}
