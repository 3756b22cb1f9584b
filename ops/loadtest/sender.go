package main

import (
	"context"
	"sync"
	"time"
)

// senders is the number of goroutines that send. Each sends every n-th message, so a blocked socket delays only its
// share.
const senders = 16

// sendAll sends each message when it is due, or as soon as possible after it, even if earlier ones have no result. It
// returns when the last one has been sent or ctx has ended.
func (f *clientPool) sendAll(ctx context.Context) {
	f.plan.begin.Store(int64(f.plan.now()))
	var wg sync.WaitGroup
	for first := range uint64(senders) {
		wg.Go(func() { f.sendEvery(ctx, first) })
	}
	wg.Wait()
}

func (f *clientPool) sendEvery(ctx context.Context, first uint64) {
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
		f.counters.late(f.plan.now() - due)
		f.ledger.Sent(k)
		f.plan.sender(k).send(k, text)
	}
}

// late records the largest delay of a message.
func (t *counters) late(by time.Duration) {
	for old := t.lag.Load(); int64(by) > old && !t.lag.CompareAndSwap(old, int64(by)); old = t.lag.Load() {
	}
}
