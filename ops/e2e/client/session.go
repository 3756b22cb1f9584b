package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Session is one connection whose frames are collected as they come. Await takes what it looks
// for and leaves the rest, so the order in which a test asks does not matter; Seen has the true order.
type Session struct {
	Conn    *Conn
	observe func(Frame)
	done    chan struct{} // closed when reading has ended

	mu      sync.Mutex
	seen    []Frame       // all of them
	pending []Frame       // those that nobody has awaited
	changed chan struct{} // closed and replaced at every frame
	err     error         // why reading has ended
}

// Open connects within ctx and starts to collect. observe, where not nil, is called with every
// frame, in order, from the collecting goroutine.
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

// Await waits for a frame that match takes and removes it from those that are pending. It fails
// when ctx or the connection ends first, and says what came instead.
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

// AwaitClose waits for the end of the connection. Without a close frame from the server it fails.
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

// Seen are all frames so far, in order.
func (s *Session) Seen() []Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// describe is the last frames that nobody awaited, one a line.
func (s *Session) describe() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, f := range s.pending[max(0, len(s.pending)-12):] {
		fmt.Fprintf(&b, "\n\t%.300s", f.Raw)
	}
	return b.String()
}

// Close drops the connection and waits for the collecting to end. It may be called more than once.
func (s *Session) Close() {
	s.Conn.Close()
	<-s.done
}
