package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	minRetryDelay = 20 * time.Millisecond // before a new connection; a random part of the same length is added
	pingInterval  = 10 * time.Second      // a node disconnects clients that are silent for PRESENCE_TIMEOUT (30 s)
	goingAway     = 1001                  // close code of a node that shuts down
)

// ReaderOptions are the options of Follow.
type ReaderOptions struct {
	Name        string // empty: reader
	Room        string
	Dial        func() Dial   // called before each connection, so each may go to another node
	DialTimeout time.Duration // 0: none
	Hop         time.Duration // the reader leaves each node after this time; 0: it stays
	Observe     func(Frame)   // called with each frame, from one goroutine; nil: not called
}

// Reader follows a room across lost connections. It resumes at its position, loads the room again after a resync, and
// waits as long as a shutdown frame asks for.
type Reader struct {
	View *View

	o      ReaderOptions
	cancel context.CancelFunc
	done   chan struct{}

	mu       sync.Mutex
	connects []time.Time
	failures []string
}

// Follow starts a Reader.
func Follow(o ReaderOptions) *Reader {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Reader{View: NewView(o.Name, o.Room), o: o, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		for ctx.Err() == nil {
			pause(ctx, r.visit(ctx))
		}
	}()
	return r
}

// visit connects, resumes, and reads until the connection or ctx ends. It returns the delay before the next connection.
func (r *Reader) visit(ctx context.Context) (delay time.Duration) {
	delay = minRetryDelay + rand.N(minRetryDelay)
	s, err := openStream(ctx, r.resume(), r.o.DialTimeout)
	if err != nil {
		r.failed(ctx, err)
		return delay
	}
	defer s.close()
	r.connected()
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	leave := after(r.o.Hop)
	for {
		select {
		case f, ok := <-s.frames:
			if !ok {
				r.failed(ctx, s.err)
				return delay
			}
			if f.Type == "shutdown" {
				delay = time.Duration(f.ReconnectAfterMs) * time.Millisecond
			}
			r.take(s.conn, f)
		case <-ping.C:
			_ = s.conn.Send(Command{Type: "ping"}) // reading reports a dead connection
		case <-leave:
			return delay
		case <-ctx.Done():
			return delay
		}
	}
}

func (r *Reader) take(conn *Conn, f Frame) {
	r.View.Feed(f)
	if r.o.Observe != nil {
		r.o.Observe(f)
	}
	if f.Type == "resync" && f.Room == r.o.Room {
		_ = conn.Send(Command{Type: "join", Room: r.o.Room}) // as above
	}
}

// resume returns the Dial that continues at the position of the view.
func (r *Reader) resume() Dial {
	d := r.o.Dial()
	d.Query = url.Values{"room": {r.o.Room}}
	if p, ok := r.View.LastPosition(); ok {
		d.Query.Set("epoch", p.Epoch)
		d.Query.Set("since", strconv.FormatUint(p.Seq, 10))
	}
	return d
}

func (r *Reader) connected() {
	r.View.Connected()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connects = append(r.connects, time.Now())
}

// failed records a failed attempt, or the end of a connection without the close code of a shutdown.
func (r *Reader) failed(ctx context.Context, err error) {
	var closed *Closed
	if ctx.Err() != nil || errors.As(err, &closed) && closed.Code == goingAway {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf("%s: %v", r.o.Name, err))
}

// Connects returns the time of each connection.
func (r *Reader) Connects() []time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.connects)
}

// Failures returns the failed attempts, and the connections that ended other than by a shutdown.
func (r *Reader) Failures() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.failures)
}

// Reach waits until the reader is at p or past it. An empty epoch matches any.
func (r *Reader) Reach(ctx context.Context, p Position) error {
	for {
		ok, moved := r.View.reached(p)
		if ok {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			at, _ := r.View.LastPosition()
			return fmt.Errorf("%s is at %v, not at %v: %w", r.o.Name, at, p, ctx.Err())
		}
	}
}

// Stop ends the reader and waits for its end. It may be called more than once.
func (r *Reader) Stop() {
	r.cancel()
	<-r.done
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// after is time.After, but never fires for 0.
func after(d time.Duration) <-chan time.Time {
	if d == 0 {
		return nil
	}
	return time.After(d)
}
