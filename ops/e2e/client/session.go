package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Session is one connection that collects its frames. Await removes the frame that it looks for and leaves the others,
// so tests may wait in any order. Seen returns the true order.
type Session struct {
	Conn    *Conn
	observe func(Frame)
	done    chan struct{} // closed when reading has ended

	mu      sync.Mutex
	seen    []Frame       // all frames
	pending []Frame       // frames that no call of Await has returned
	changed chan struct{} // closed and replaced at every frame
	err     error         // why reading has ended
}

// Open connects within ctx and starts to collect. observe may be nil; it is called with each frame, in order, from one
// goroutine.
func Open(ctx context.Context, d Dial, observe func(Frame)) (*Session, error) {
	conn, err := d.Open(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{Conn: conn, observe: observe, done: make(chan struct{}), changed: make(chan struct{})}
	go s.collect()
	return s, nil
}

func (s *Session) collect() {
	defer close(s.done)
	for {
		f, err := s.Conn.ReadFrame()
		if err == nil && s.observe != nil {
			s.observe(f)
		}
		s.note(f, err)
		if err != nil {
			return
		}
	}
}

func (s *Session) note(f Frame, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.err = err
	} else {
		s.seen = append(s.seen, f)
		s.pending = append(s.pending, f)
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Send sends one command.
func (s *Session) Send(c Command) error { return s.Conn.Send(c) }

// Await waits for a pending frame that matches and removes it. It fails if ctx or the connection ends first; the error
// lists the pending frames.
func (s *Session) Await(ctx context.Context, match func(Frame) bool) (Frame, error) {
	for {
		f, ok, changed, ended := s.take(match)
		switch {
		case ok:
			return f, nil
		case ended != nil:
			return f, fmt.Errorf("awaiting a frame: %w; pending: %s", ended, s.describe())
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return f, fmt.Errorf("awaiting a frame: %w; pending: %s", ctx.Err(), s.describe())
		}
	}
}

func (s *Session) take(match func(Frame) bool) (f Frame, ok bool, changed chan struct{}, ended error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.pending, match)
	if i < 0 {
		return Frame{}, false, s.changed, s.err
	}
	f = s.pending[i]
	s.pending = slices.Delete(s.pending, i, i+1)
	return f, true, nil, nil
}

// AwaitClose waits for the end of the connection. It fails if the server sent no close frame.
func (s *Session) AwaitClose(ctx context.Context) (*Closed, error) {
	select {
	case <-s.done:
	case <-ctx.Done():
		return nil, fmt.Errorf("awaiting the close: %w; pending: %s", ctx.Err(), s.describe())
	}
	var closed *Closed
	if !errors.As(s.err, &closed) {
		return nil, fmt.Errorf("connection ended without a close frame: %w", s.err)
	}
	return closed, nil
}

// Seen returns all frames so far, in order.
func (s *Session) Seen() []Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// describe returns the last pending frames, one per line.
func (s *Session) describe() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, f := range s.pending[max(0, len(s.pending)-12):] {
		fmt.Fprintf(&b, "\n\t%.300s", f.Raw)
	}
	return b.String()
}

// Close drops the connection and waits until collecting has ended. It may be called more than once.
func (s *Session) Close() {
	s.Conn.Close()
	<-s.done
}
