package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// pause is the least time between two tries to connect; as much again is random.
const pause = 20 * time.Millisecond

// A Reader follows a room: it reconnects whenever its connection ends and resumes where it was.
type Reader struct {
	View   *View
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// Follow starts a reader. dial is asked before every try, so it may name another node each time.
func Follow(room string, dial func() Dial) *Reader {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Reader{View: NewView(room), cancel: cancel}
	r.wg.Go(func() {
		for ctx.Err() == nil {
			r.visit(ctx, dial())
			rest(ctx)
		}
	})
	return r
}

// visit connects, resumes, and stays until the connection or ctx ends.
func (r *Reader) visit(ctx context.Context, d Dial) {
	query := url.Values{"room": {r.View.Room}}
	if p, ok := r.View.Position(); ok {
		query.Set("epoch", p.Epoch)
		query.Set("since", strconv.FormatUint(p.Seq, 10))
	}
	d.Query = query
	resync := make(chan struct{}, 1)
	s, err := Open(ctx, d, func(f Frame) {
		r.View.Feed(f)
		if f.Type == "resync" && f.Room == r.View.Room {
			select {
			case resync <- struct{}{}:
			default:
			}
		}
	})
	if err != nil {
		return // the node is down; the next try may find it up
	}
	defer s.Close()
	for {
		select {
		case <-resync:
			if s.Send(Command{Type: "join", Room: r.View.Room}) != nil {
				return
			}
		case <-s.done:
			return
		case <-ctx.Done():
			return
		}
	}
}

// Reach waits until the reader has got to seq.
func (r *Reader) Reach(ctx context.Context, seq uint64) error {
	for {
		ok, moved := r.View.reached(seq)
		if ok {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			at, _ := r.View.Position()
			return fmt.Errorf("reader is at %d, not at %d: %w", at.Seq, seq, ctx.Err())
		}
	}
}

// Stop ends the reader and waits for its end. It may be called more than once.
func (r *Reader) Stop() {
	r.cancel()
	r.wg.Wait()
}

// rest waits a moment, so that a dead node is not dialled in a tight loop.
func rest(ctx context.Context) {
	t := time.NewTimer(pause + rand.N(pause))
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
