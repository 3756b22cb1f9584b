package client

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
)

// stream is one connection whose frames arrive through a channel. It stores no frames, so it may run for hours.
type stream struct {
	conn   *Conn
	frames chan Frame // closed when the connection has ended
	err    error      // why it ended; valid once frames is closed
	quit   chan struct{}
}

// unreadable is the type of a frame that is not JSON.
const unreadable = "unreadable"

// openStream connects within timeout; 0: within ctx. It passes on the frames of the given types, or all frames if there
// are none.
func openStream(ctx context.Context, d Dial, timeout time.Duration, types ...string) (*stream, error) {
	dialing := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		dialing, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	conn, err := d.Open(dialing)
	if err != nil {
		return nil, err
	}
	s := &stream{conn: conn, frames: make(chan Frame, 256), quit: make(chan struct{})}
	go s.read(types)
	return s, nil
}

func (s *stream) read(types []string) {
	defer close(s.frames)
	for {
		text, err := s.conn.Read()
		if err != nil {
			s.err = err
			return
		}
		if len(types) > 0 && !hasType(text, types) {
			continue
		}
		f := Frame{Raw: string(text)}
		if json.Unmarshal(text, &f) != nil {
			f.Type = unreadable
		}
		select {
		case s.frames <- f:
		case <-s.quit:
			return
		}
	}
}

// hasType reports whether a frame is of one of the types. It does not parse the frame, which begins with its type.
func hasType(text []byte, types []string) bool {
	for _, name := range types {
		if bytes.HasPrefix(text, []byte(`{"type":"`+name+`"`)) {
			return true
		}
	}
	return false
}

// close ends the connection and waits until reading has ended.
func (s *stream) close() {
	close(s.quit)
	s.conn.Close()
	for range s.frames { // unread frames are dropped
	}
}
