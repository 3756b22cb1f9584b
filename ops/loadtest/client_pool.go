package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"chatnode/ops/loadtest/ledger"
)

const (
	maintainInterval = 100 * time.Millisecond // how often pings and retries are checked
	firstPing        = 25 * time.Second       // until a node has sent its ping interval
	pingEarlier      = 0.6                    // share of the shortest interval of the nodes
)

// clientPool is all clients of a run, and what they share.
type clientPool struct {
	clients   []*client
	rooms     []*room
	nodes     []node
	sources   []source
	plan      *plan
	ledger    *ledger.Ledger
	counters  *counters
	slowPause time.Duration
	flight    int           // messages of each sender in flight in a closed loop; 0: open loop
	waking    chan struct{} // closed when silent clients start to read again
	jwtSecret string
	dialing   chan struct{} // contains one item per connection that is being set up
	ping      atomic.Int64  // ns; the shortest ping interval of the nodes
	cancel    context.CancelFunc
	wg        sync.WaitGroup
}

func newClientPool(o *options, p *plan) *clientPool {
	prefix := o.RoomPrefix
	if prefix == "" {
		prefix = "load-" + p.tag + "-"
	}
	f := &clientPool{
		rooms: newRooms(prefix, o.Rooms), nodes: o.nodes, sources: o.sourceAddrs,
		plan: p, ledger: ledger.New(p.total), counters: &counters{},
		slowPause: o.SlowPause, flight: o.Outstanding, waking: make(chan struct{}), jwtSecret: o.JWTSecret, dialing: make(chan struct{}, o.Dialing),
		cancel: func() {},
	}
	f.ping.Store(int64(firstPing))
	for i := range o.Connections {
		place, silent := scatter(i, o.Connections), o.Silent.of(o.Connections)
		c := &client{pool: f, index: i, room: f.rooms[i%o.Rooms], silent: place < silent, slow: place < silent+o.Slow.of(o.Connections)}
		if !c.slow {
			c.turn.Store(uint64(len(p.senders)))
			p.senders = append(p.senders, c)
			if c.room.witness == nil {
				c.room.witness = c
			}
		}
		f.clients = append(f.clients, c)
	}
	return f
}

// start connects the clients, rate per second, and keeps them connected until stop.
func (f *clientPool) start(rate float64) {
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.wg.Go(func() { f.ramp(ctx, rate) })
	f.wg.Go(func() { f.maintain(ctx) })
}

// ramp starts each connection when it is due.
func (f *clientPool) ramp(ctx context.Context, rate float64) {
	begin := f.plan.now()
	for i, c := range f.clients {
		due := begin + time.Duration(float64(i)*1e9/rate)
		if wait := due - f.plan.now(); wait > 0 {
			pause(ctx.Done(), wait)
		}
		if ctx.Err() != nil {
			return
		}
		c.done = ctx.Done()
		f.wg.Go(func() { c.visit(ctx) })
	}
}

// maintain sends pings and retries for all clients.
func (f *clientPool) maintain(ctx context.Context) {
	for ctx.Err() == nil {
		every := time.Duration(float64(f.ping.Load()) * pingEarlier)
		now := f.plan.now()
		for _, c := range f.clients {
			c.maintain(now, every)
		}
		pause(ctx.Done(), maintainInterval)
	}
}

// stop closes all connections and waits until all goroutines have ended.
func (f *clientPool) stop() {
	f.cancel()
	for _, c := range f.clients {
		c.stop()
	}
	f.wg.Wait()
}

// acquire waits until one more connection may be set up. ok is false if ctx ended first.
func (f *clientPool) acquire(ctx context.Context) (release func(), ok bool) {
	select {
	case f.dialing <- struct{}{}:
		return func() { <-f.dialing }, true
	case <-ctx.Done():
		return nil, false
	}
}

// target returns the node of client i. The clients of a room are spread over all nodes, and each attempt goes to the
// next node.
func (f *clientPool) target(i, tries int) node {
	room, member := i%len(f.rooms), i/len(f.rooms)
	return f.nodes[(room+member+tries)%len(f.nodes)]
}

// sourceOf returns the address from which client i connects. ok is false if the system chooses it.
func (f *clientPool) sourceOf(i int) (s source, ok bool) {
	if len(f.sources) == 0 {
		return source{}, false
	}
	return f.sources[i%len(f.sources)], true
}

// pingAtLeast lowers the ping interval to that of a node.
func (f *clientPool) pingAtLeast(every time.Duration) {
	if every <= 0 {
		return
	}
	for old := f.ping.Load(); int64(every) < old && !f.ping.CompareAndSwap(old, int64(every)); old = f.ping.Load() {
	}
}

// isSettled reports whether each connection has joined, or must not be made again.
func (f *clientPool) isSettled() bool {
	return f.counters.ready.Load()+f.counters.ended.Load() >= int64(len(f.clients))
}
