package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"chatnode/ops/loadtest/ledger"
	"chatnode/ops/loadtest/order"

	"github.com/lxzan/gws"
)

// A client is one user with one connection at a time, in one room.
type client struct {
	fleet  *fleet
	room   *room
	index  int
	slow   bool
	silent bool            // slow as well: it reads nothing once it has joined
	done   <-chan struct{} // of the run
	ended  atomic.Bool     // it may not come back
	at     atomic.Uint64   // the ledger.Place that it has been shown, for others to read
	missed atomic.Uint64   // places that it was not shown, likewise
	pinged time.Duration   // the keeper's own
	turn   atomic.Uint64   // its next message in a closed loop

	// The reader's own.
	track   order.Tracker
	number  uint16 // of the epoch
	epoch   string
	floor   uint64        // a witness reads back to here
	slot    time.Duration // when to come back, told by the node; 0: not told
	tries   int           // to connect, since it was joined
	dialled time.Duration // when the connection was begun
	code    uint16        // the code that the node closed with; 0: none
	text    []byte        // of its next message in a closed loop

	mu      sync.Mutex
	socket  *gws.Conn // nil: not connected
	joined  bool      // the socket takes writes
	stopped bool
	pending []write
}

// visit connects, and leaves the connection to a goroutine of its own: that one begins with a small
// stack, which the handshake would have grown, and there are many of them. One of the two goroutines
// lives at a time, until ctx ends or the client may not come back.
func (c *client) visit(ctx context.Context) {
	for ctx.Err() == nil {
		socket, err := c.dial(ctx)
		if err == nil && c.attach(socket) {
			c.fleet.wg.Go(func() { c.read(ctx, socket) })
			return
		}
		if !c.rest(ctx, err) {
			return
		}
	}
}

// read reads until the connection ends.
func (c *client) read(ctx context.Context, socket *gws.Conn) {
	socket.ReadLoop()
	c.detach()
	if c.rest(ctx, nil) {
		c.fleet.wg.Go(func() { c.visit(ctx) })
	}
}

// rest waits until the client may come back, and says whether it may. err is why it could not connect;
// nil: the connection was lost.
func (c *client) rest(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	wait, again := c.comeback(err)
	if !again {
		c.ended.Store(true)
		c.fleet.tally.ended.Add(1)
		return false
	}
	pause(ctx.Done(), wait)
	return ctx.Err() == nil
}

// attach takes a new socket, unless the client has been stopped.
func (c *client) attach(socket *gws.Conn) bool {
	c.code = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		_ = socket.NetConn().Close() // nobody wants it any more
		return false
	}
	c.socket = socket
	return true
}

func (c *client) detach() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.joined {
		c.fleet.tally.open.Add(-1)
	}
	c.socket, c.joined = nil, false
}

// stop closes the connection. The reader ends thereby.
func (c *client) stop() {
	c.mu.Lock()
	c.stopped = true
	socket := c.socket
	c.mu.Unlock()
	if socket != nil {
		_ = socket.SetWriteDeadline(time.Now().Add(farewell)) // a node that reads nothing gets no close frame
		_ = socket.WriteClose(normalClosure, nil)             // nor does one that has gone
	}
}

// caughtUp says whether the client has been shown everything that anybody knows of its room.
func (c *client) caughtUp() bool { return c.at.Load() >= c.room.high.Load() }

// behind is how many places the client has yet to be shown, within its epoch.
func (c *client) behind() uint64 {
	at, high := ledger.Place(c.at.Load()), ledger.Place(c.room.high.Load())
	if at.Epoch() == high.Epoch() {
		return high.Seq() - min(at.Seq(), high.Seq())
	}
	return high.Seq()
}

func (c *client) isJoined() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.joined
}

// pause waits, or until done.
func pause(done <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-done:
	}
}
