package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	tickEvery  = time.Second
	settleTime = 30 * time.Second // in addition to the time that the connect rate takes
)

// run is one load test.
type run struct {
	options  *options
	pool     *clientPool
	timeline *timeline
	progress *progress
	took     time.Duration // from the first connection until all had joined
	sending  time.Duration // duration of sending
}

func newRun(o *options, out io.Writer) *run {
	tag := strings.ToLower(rand.Text()[:8])
	f := newClientPool(o, newPlan(o, tag, time.Now()))
	return &run{options: o, pool: f, timeline: newTimeline(f.counters), progress: newProgress(out)}
}

// do runs all phases and returns the report. If ctx ends, it ends the current phase and reports what was done so far.
// Each phase has a time limit.
func (r *run) do(ctx context.Context) (*report, error) {
	r.pool.start(r.options.ConnectRate)
	defer r.pool.stop()
	if err := r.connect(ctx); err != nil {
		return nil, err
	}
	r.load(ctx)
	short := r.pool.countShortfall()
	r.pool.wake(ctx)
	r.pool.stop()
	return r.result(short), nil
}

// connect waits until all clients have joined.
func (r *run) connect(ctx context.Context) error {
	defer r.progress.end()
	begin := time.Now()
	limit := settleTime + time.Duration(float64(r.options.Connections)/r.options.ConnectRate*float64(time.Second))
	stop := r.every(tickEvery, func() { r.progress.connecting(r.pool) })
	until(ctx, limit, r.pool.isSettled)
	stop()
	r.took = time.Since(begin)
	r.progress.connecting(r.pool)
	if n := r.pool.counters.ready.Load(); n < int64(len(r.pool.clients)) {
		return fmt.Errorf("only %d of %d connections have joined in %v: %v", n, len(r.pool.clients), round(r.took), r.pool.counters.byName())
	}
	return nil
}

// load sends the messages and waits for late entries.
func (r *run) load(ctx context.Context) {
	defer r.progress.end()
	begin := time.Now()
	stop := r.every(tickEvery, func() { r.progress.sending(r.pool, r.timeline.tick(time.Since(begin))) })
	switch {
	case r.pool.flight > 0:
		r.pool.sendInTurn(ctx, r.options.Duration)
	case r.pool.plan.total > 0:
		r.pool.sendAll(ctx)
	}
	pause(ctx.Done(), r.options.Duration-time.Since(begin))
	r.sending = time.Since(begin)
	// Also if the run was interrupted, because the messages sent so far are judged. A second signal ends the process.
	until(context.Background(), r.options.Drain, r.pool.isDrained)
	stop()
	r.progress.sending(r.pool, r.timeline.tick(time.Since(begin)))
}

// every calls do once per interval until the returned function is called. That function waits for the goroutine.
func (r *run) every(d time.Duration, do func()) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(d)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		wg.Wait()
	}
}
