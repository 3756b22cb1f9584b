package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"chatnode/ops/loadtest/ledger"
)

const (
	keepEvery   = 100 * time.Millisecond // how often the keeper looks at every client
	firstPing   = 25 * time.Second       // until a node has said how often it wants to hear
	pingEarlier = 0.6                    // of what the nodes want
)

// A fleet is all clients of a run, and what they share.
type fleet struct {
	clients   []*client
	rooms     []*room
	nodes     []node
	sources   []source
	plan      *plan
	ledger    *ledger.Ledger
	tally     *tally
	slowPause time.Duration
	flight    int           // messages that a sender has unanswered in a closed loop; 0: the loop is open
	waking    chan struct{} // closed when silent clients are to read what there is
	jwtSecret string
	dialing   chan struct{} // holds one for each connection that is being set up
	ping      atomic.Int64  // ns: the shortest time in which a node wants to hear from a client
	cancel    context.CancelFunc
	wg        sync.WaitGroup
}

func newFleet(o *options, p *plan) *fleet {
	prefix := o.RoomPrefix
	if prefix == "" {
		prefix = "load-" + p.tag + "-"
	}
	f := &fleet{
		rooms: newRooms(prefix, o.Rooms), nodes: o.nodes, sources: o.sourceAddrs,
		plan: p, ledger: ledger.New(p.total), tally: &tally{},
		slowPause: o.SlowPause, flight: o.Outstanding, waking: make(chan struct{}), jwtSecret: o.JWTSecret, dialing: make(chan struct{}, o.Dialing),
		cancel: func() {},
	}
	f.ping.Store(int64(firstPing))
	for i := range o.Connections {
		place, silent := scatter(i, o.Connections), o.Silent.of(o.Connections)
		c := &client{fleet: f, index: i, room: f.rooms[i%o.Rooms], silent: place < silent, slow: place < silent+o.Slow.of(o.Connections)}
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

// start begins to connect at a rate, a second, and keeps the connections until stop.
func (f *fleet) start(rate float64) {
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.wg.Go(func() { f.ramp(ctx, rate) })
	f.wg.Go(func() { f.keeper(ctx) })
}

// ramp begins the connections, each when it is due.
func (f *fleet) ramp(ctx context.Context, rate float64) {
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

// keeper pings and retries for all clients.
func (f *fleet) keeper(ctx context.Context) {
	for ctx.Err() == nil {
		every := time.Duration(float64(f.ping.Load()) * pingEarlier)
		now := f.plan.now()
		for _, c := range f.clients {
			c.keep(now, every)
		}
		pause(ctx.Done(), keepEvery)
	}
}

// stop closes all connections and waits until everything that was started has ended.
func (f *fleet) stop() {
	f.cancel()
	for _, c := range f.clients {
		c.stop()
	}
	f.wg.Wait()
}

// turn waits until one more connection may be set up. ok is false where ctx ended first.
func (f *fleet) turn(ctx context.Context) (release func(), ok bool) {
	select {
	case f.dialing <- struct{}{}:
		return func() { <-f.dialing }, true
	case <-ctx.Done():
		return nil, false
	}
}

// target is the node of client i. The clients of each room are spread over all nodes, and who comes
// back goes to the next node.
func (f *fleet) target(i, tries int) node {
	room, member := i%len(f.rooms), i/len(f.rooms)
	return f.nodes[(room+member+tries)%len(f.nodes)]
}

// source is where client i connects from; ok is false where the system may choose.
func (f *fleet) source(i int) (s source, ok bool) {
	if len(f.sources) == 0 {
		return source{}, false
	}
	return f.sources[i%len(f.sources)], true
}

// pingAtLeast takes a node's word for how often it wants to hear from a client.
func (f *fleet) pingAtLeast(every time.Duration) {
	if every <= 0 {
		return
	}
	for old := f.ping.Load(); int64(every) < old && !f.ping.CompareAndSwap(old, int64(every)); old = f.ping.Load() {
	}
}

// settled says that every connection has joined, or may not.
func (f *fleet) settled() bool {
	return f.tally.ready.Load()+f.tally.ended.Load() >= int64(len(f.clients))
}
