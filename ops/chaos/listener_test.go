package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"chatnode/ops/e2e/client"
)

// A listener is one connection whose frames come by a channel, closed when the connection has ended.
type listener struct {
	conn   *client.Conn
	frames chan client.Frame
	quit   chan struct{}
}

// dialPatience is how long a node may take to let a client in.
const dialPatience = 3 * time.Second

// listen connects and passes on the frames that wanted takes by their type; nil takes all.
func listen(ctx context.Context, d client.Dial, wanted func(text []byte) bool) (*listener, error) {
	within, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	conn, err := d.Open(within)
	if err != nil {
		return nil, err
	}
	l := &listener{conn: conn, frames: make(chan client.Frame, 256), quit: make(chan struct{})}
	go l.read(wanted)
	return l, nil
}

func (l *listener) read(wanted func([]byte) bool) {
	defer close(l.frames)
	for {
		text, err := l.conn.Read()
		if err != nil {
			return
		}
		if wanted != nil && !wanted(text) {
			continue
		}
		f := client.Frame{Raw: string(text)}
		if err := json.Unmarshal(text, &f); err != nil {
			f.Type = "unreadable"
		}
		select {
		case l.frames <- f:
		case <-l.quit:
			return
		}
	}
}

// send writes one command. An error means that the connection is of no use any more.
func (l *listener) send(c client.Command) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return l.conn.Write(text)
}

// close ends the connection and the reading, and waits for it.
func (l *listener) close() {
	close(l.quit)
	l.conn.Close()
	for range l.frames { // what is left unread is of no interest
	}
}

// typed reports whether a frame's text is of one of the types, which it begins with.
func typed(text []byte, types ...string) bool {
	for _, name := range types {
		if bytes.HasPrefix(text, []byte(`{"type":"`+name+`"`)) {
			return true
		}
	}
	return false
}
