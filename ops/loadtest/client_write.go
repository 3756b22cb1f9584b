package main

import (
	"slices"
	"time"

	"chatnode/ops/loadtest/frame"

	"github.com/lxzan/gws"
)

const (
	writeTimeout = 5 * time.Second
	leastRetry   = 100 * time.Millisecond
)

// A write is a message that has no answer yet.
type write struct {
	k     uint64
	retry time.Duration // when to send it again; 0: the node has it
}

// put writes one frame. Where that fails the read loop ends, and what was not answered is sent again
// after the reconnect.
func put(socket *gws.Conn, text []byte) {
	if socket.SetWriteDeadline(time.Now().Add(writeTimeout)) == nil {
		_ = socket.WriteMessage(gws.OpcodeText, text)
	}
}

// send sends message k, now or as soon as the client is connected again.
func (c *client) send(k uint64, text []byte) {
	c.mu.Lock()
	c.pending = append(c.pending, write{k: k})
	socket := c.writable()
	c.mu.Unlock()
	if socket != nil {
		put(socket, text)
	}
}

// writable is the socket where there is one that has joined. c.mu is held.
func (c *client) writable() *gws.Conn {
	if !c.joined {
		return nil
	}
	return c.socket
}

// resend opens the socket for writes, and sends again, under their ids, those that no answer has come for.
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
		text = c.fleet.plan.command(text[:0], w.k)
		c.fleet.tally.retries.Add(1)
		put(socket, text)
	}
}

// settle forgets the write that an answer is for; ok is false where it was settled before, or the
// answer is to something else.
func (c *client) settle(id []byte) (k uint64, ok bool) {
	k, ok = c.fleet.plan.inName(id)
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

// postpone marks a write to be sent again when the node says.
func (c *client) postpone(f *frame.Frame) {
	k, ok := c.fleet.plan.inName(f.ID)
	if !ok {
		return
	}
	after := max(leastRetry, time.Duration(f.RetryAfterMs)*time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.pending {
		if c.pending[i].k == k {
			c.pending[i].retry = c.fleet.plan.now() + after
		}
	}
}

// keep is called now and then: it pings, and sends again what was postponed until now.
func (c *client) keep(now, pingEvery time.Duration) {
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
