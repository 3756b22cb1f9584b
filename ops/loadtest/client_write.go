package main

import (
	"slices"
	"time"

	"chatnode/ops/loadtest/frame"

	"github.com/lxzan/gws"
)

const (
	writeTimeout  = 5 * time.Second
	minRetryDelay = 100 * time.Millisecond
)

// write is a message without a result.
type write struct {
	k     uint64
	retry time.Duration // when to send it again; 0: it is in flight
}

// put writes one frame. If that fails, the read loop ends, and messages without a result are sent again after the
// reconnect.
func put(socket *gws.Conn, text []byte) {
	if socket.SetWriteDeadline(time.Now().Add(writeTimeout)) == nil {
		_ = socket.WriteMessage(gws.OpcodeText, text)
	}
}

// send sends message k, now or after the next join.
func (c *client) send(k uint64, text []byte) {
	c.mu.Lock()
	c.pending = append(c.pending, write{k: k})
	socket := c.writable()
	c.mu.Unlock()
	if socket != nil {
		put(socket, text)
	}
}

// writable returns the socket if the client has joined. c.mu must be locked.
func (c *client) writable() *gws.Conn {
	if !c.joined {
		return nil
	}
	return c.socket
}

// resend allows writes on the socket and sends the messages without a result again, under their ids.
func (c *client) resend(socket *gws.Conn) {
	c.mu.Lock()
	c.joined = true
	again := slices.Clone(c.pending)
	for i := range c.pending {
		c.pending[i].retry = 0
	}
	c.mu.Unlock()
	c.sendAgain(socket, again)
}

func (c *client) sendAgain(socket *gws.Conn, writes []write) {
	var text []byte
	for _, w := range writes {
		text = c.pool.plan.command(text[:0], w.k)
		c.pool.counters.retries.Add(1)
		put(socket, text)
	}
}

// complete removes the message of a result. ok is false if it had a result before, or if the id is not of this run.
func (c *client) complete(id []byte) (k uint64, ok bool) {
	k, ok = c.pool.plan.inName(id)
	if !ok {
		return 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.pending, func(w write) bool { return w.k == k })
	if i < 0 {
		return k, false
	}
	c.pending = slices.Delete(c.pending, i, i+1)
	return k, true
}

// retryLater schedules a retry for when the node asked for it.
func (c *client) retryLater(f *frame.Frame) {
	k, ok := c.pool.plan.inName(f.ID)
	if !ok {
		return
	}
	after := max(minRetryDelay, time.Duration(f.RetryAfterMs)*time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.pending {
		if c.pending[i].k == k {
			c.pending[i].retry = c.pool.plan.now() + after
		}
	}
}

// maintain sends a ping and the retries that are due.
func (c *client) maintain(now, pingEvery time.Duration) {
	c.mu.Lock()
	socket := c.writable()
	var again []write
	for i, w := range c.pending {
		if socket != nil && w.retry > 0 && w.retry <= now {
			again = append(again, w)
			c.pending[i].retry = 0
		}
	}
	c.mu.Unlock()
	if socket == nil {
		return
	}
	if now-c.pinged >= pingEvery {
		c.pinged = now
		put(socket, []byte(`{"type":"ping"}`))
	}
	c.sendAgain(socket, again)
}
