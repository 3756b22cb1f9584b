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

// client is one user, in one room, with at most one connection at a time.
type client struct {
	pool   *clientPool
	room   *room
	index  int
	slow   bool
	silent bool            // slow too: reads nothing after the join
	done   <-chan struct{} // closed when the run ends
	ended  atomic.Bool     // must not connect again
	at     atomic.Uint64   // ledger.Position reached by this reader; read by other goroutines
	missed atomic.Uint64   // seqs not shown to this reader; read by other goroutines
	pinged time.Duration   // used by the maintenance loop only
	turn   atomic.Uint64   // number of its next message in a closed loop

	// Used by the goroutine that reads.
	track   order.Tracker
	number  uint16 // number of the epoch
	epoch   string
	floor   uint64        // seq down to which a witness reads the history
	slot    time.Duration // when the node asked it to connect again; 0: not asked
	tries   int           // attempts to connect since the last join
	dialled time.Duration // start of the current connection
	code    uint16        // close code of the node; 0: none
	text    []byte        // buffer for its next message in a closed loop

	mu      sync.Mutex
	socket  *gws.Conn // nil: not connected
	joined  bool      // the node accepts messages on the socket
	stopped bool
	pending []write
}

// visit connects and starts a goroutine that reads the connection. The new goroutine has a small stack, which the
// handshake would have grown, and there are many of them. One of the two goroutines lives at a time, until ctx ends or
// the client must not connect again.
func (c *client) visit(ctx context.Context) {
	for ctx.Err() == nil {
		socket, err := c.dial(ctx)
		if err == nil && c.attach(socket) {
			c.pool.wg.Go(func() { c.read(ctx, socket) })
			return
		}
		if !c.rest(ctx, err) {
			return
		}
	}
}

func (c *client) read(ctx context.Context, socket *gws.Conn) {
	socket.ReadLoop()
	c.detach()
	if c.rest(ctx, nil) {
		c.pool.wg.Go(func() { c.visit(ctx) })
	}
}

// rest waits until the client can connect again. It returns false if the client must not, or ctx ended. err is why it
// could not connect; nil: the connection was lost.
func (c *client) rest(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	wait, again := c.retryDelay(err)
	if !again {
		c.ended.Store(true)
		c.pool.counters.ended.Add(1)
		return false
	}
	pause(ctx.Done(), wait)
	return ctx.Err() == nil
}

// attach sets a new socket. It closes the socket and returns false if the client has been stopped.
func (c *client) attach(socket *gws.Conn) bool {
	c.code = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		_ = socket.NetConn().Close() // it is not used
		return false
	}
	c.socket = socket
	return true
}

func (c *client) detach() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.joined {
		c.pool.counters.open.Add(-1)
	}
	c.socket, c.joined = nil, false
}

// stop closes the connection, which ends the reader.
func (c *client) stop() {
	c.mu.Lock()
	c.stopped = true
	socket := c.socket
	c.mu.Unlock()
	if socket != nil {
		_ = socket.SetWriteDeadline(time.Now().Add(closeTimeout)) // a node that does not read gets no close frame
		_ = socket.WriteClose(normalClosure, nil)                 // nor does a node that has ended
	}
}

// isCaughtUp reports whether the client has been shown every entry that any client knows of.
func (c *client) isCaughtUp() bool { return c.at.Load() >= c.room.high.Load() }

// behind returns how many entries of the client's epoch it has not been shown.
func (c *client) behind() uint64 {
	at, high := ledger.Position(c.at.Load()), ledger.Position(c.room.high.Load())
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

// pause waits for d, or until done is closed.
func pause(done <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-done:
	}
}
