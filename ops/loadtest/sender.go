package main

import (
	"context"
	"sync"
	"time"
)

// senders is how many goroutines send. Each has every n-th message, so one that waits for a socket
// holds up no more than its share.
const senders = 16

// sendAll sends every message when it is due, or as soon after as it can be, whether or not earlier
// ones have been answered. It returns when the last one has been sent or ctx has ended.
func (f *fleet) sendAll(ctx context.Context) {
	f.plan.begin.Store(int64(f.plan.now()))
	var wg sync.WaitGroup
	for first := range uint64(senders) {
		wg.Go(func() { f.sendEvery(ctx, first) })
	}
	wg.Wait()
}

func (f *fleet) sendEvery(ctx context.Context, first uint64) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var text []byte
	for k := first; k < f.plan.total; k += senders {
		due := f.plan.due(k)
		timer.Reset(due - f.plan.now())
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		text = f.plan.command(text[:0], k)
		f.tally.late(f.plan.now() - due)
		f.ledger.Sent(k)
		f.plan.sender(k).send(k, text)
	}
}

// late keeps the most that a message was late in being sent.
func (t *tally) late(by time.Duration) {
	for old := t.lag.Load(); int64(by) > old && !t.lag.CompareAndSwap(old, int64(by)); old = t.lag.Load() {
	}
}
