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
	tickEvery = time.Second
	settleFor = 30 * time.Second // beyond what the connect rate makes of it
)

// A run is one load test.
type run struct {
	options  *options
	fleet    *fleet
	timeline *timeline
	progress *progress
	took     time.Duration // from the first connection until all had joined
	sending  time.Duration // how long sending took
}

func newRun(o *options, out io.Writer) *run {
	tag := strings.ToLower(rand.Text()[:8])
	f := newFleet(o, newPlan(o, tag, time.Now()))
	return &run{options: o, fleet: f, timeline: newTimeline(f.tally), progress: newProgress(out)}
}

// do runs all phases and reports. When ctx ends the phase that runs is cut short, and the report is
// of what was done. It ends by itself: every phase has its limit.
func (r *run) do(ctx context.Context) (*report, error) {
	r.fleet.start(r.options.ConnectRate)
	defer r.fleet.stop()
	if err := r.connect(ctx); err != nil {
		return nil, err
	}
	r.load(ctx)
	short := r.fleet.shortfall()
	r.fleet.wake(ctx)
	r.fleet.stop()
	return r.report(short), nil
}

// connect waits until all have joined.
func (r *run) connect(ctx context.Context) error {
	defer r.progress.end()
	begin := time.Now()
	limit := settleFor + time.Duration(float64(r.options.Connections)/r.options.ConnectRate*float64(time.Second))
	stop := r.every(tickEvery, func() { r.progress.connecting(r.fleet) })
	until(ctx, limit, r.fleet.settled)
	stop()
	r.took = time.Since(begin)
	r.progress.connecting(r.fleet)
	if n := r.fleet.tally.ready.Load(); n < int64(len(r.fleet.clients)) {
		return fmt.Errorf("only %d of %d connections have joined in %v: %v", n, len(r.fleet.clients), round(r.took), r.fleet.tally.byName())
	}
	return nil
}

// load sends, then waits for what is late.
func (r *run) load(ctx context.Context) {
	defer r.progress.end()
	begin := time.Now()
	stop := r.every(tickEvery, func() { r.progress.sending(r.fleet, r.timeline.tick(time.Since(begin))) })
	switch {
	case r.fleet.flight > 0:
		r.fleet.sendInTurn(ctx, r.options.Duration)
	case r.fleet.plan.total > 0:
		r.fleet.sendAll(ctx)
	}
	pause(ctx.Done(), r.options.Duration-time.Since(begin))
	r.sending = time.Since(begin)
	// Also when the run was cut short: what was sent so far is judged. A second signal ends the process.
	until(context.Background(), r.options.Drain, r.fleet.drained)
	stop()
	r.progress.sending(r.fleet, r.timeline.tick(time.Since(begin)))
}

// every calls do now and then, until stop, which waits for its end.
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
