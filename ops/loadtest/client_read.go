package main

import (
	"errors"
	"time"

	"chatnode/ops/loadtest/frame"
	"chatnode/ops/loadtest/ledger"

	"github.com/lxzan/gws"
)

var _ gws.Event = (*client)(nil)

// OnOpen implements gws.Event.
func (c *client) OnOpen(*gws.Conn) {}

// OnClose records the close code of the node.
func (c *client) OnClose(_ *gws.Conn, err error) {
	if closed := (*gws.CloseError)(nil); errors.As(err, &closed) {
		c.code = closed.Code
	}
}

// OnPing answers a ping of the WebSocket protocol.
func (c *client) OnPing(socket *gws.Conn, payload []byte) {
	if socket.SetWriteDeadline(time.Now().Add(writeTimeout)) == nil {
		_ = socket.WritePong(payload) // if it fails, the read loop ends
	}
}

// OnPong implements gws.Event. Clients send no WebSocket pings.
func (c *client) OnPong(*gws.Conn, []byte) {}

// OnMessage reads one frame. For a message it allocates nothing except what gws allocates.
func (c *client) OnMessage(socket *gws.Conn, message *gws.Message) {
	var f frame.Frame
	if f.Scan(message.Bytes()) != nil {
		c.pool.counters.malformed.Add(1)
	}
	c.take(socket, &f)
	_ = message.Close() // returns the buffer; there is no other error
	switch {
	case c.silent && c.track.Ready():
		c.pool.silence(c.done)
	case c.slow:
		pause(c.done, c.pool.slowPause)
	}
}

func (c *client) take(socket *gws.Conn, f *frame.Frame) {
	switch f.Kind {
	case frame.Message:
		c.message(f)
	case frame.Ack:
		c.acked(f)
	case frame.Change:
		c.position(f.Seq)
	case frame.Connected:
		c.pool.pingAtLeast(time.Duration(f.PingMs) * time.Millisecond)
	case frame.Joined:
		c.onJoined(socket, f)
	case frame.History:
		c.history(socket, f)
	case frame.Committed:
		c.committed(f)
	case frame.Throttled:
		c.pool.counters.throttled.Add(1)
		c.retryLater(f)
	case frame.Error:
		c.failed(f)
	case frame.Shutdown:
		c.slot = c.pool.plan.now() + time.Duration(f.ReconnectAfterMs)*time.Millisecond
	case frame.Resync:
		c.rejoin(socket)
	case frame.Other:
	}
}

// message records the position of a message, and its latency since it was due.
func (c *client) message(f *frame.Frame) {
	var at ledger.Position
	if !f.Provisional {
		at = c.position(f.Seq)
	}
	plan := c.pool.plan
	k, ours := plan.inData(f.Data)
	if !ours {
		return
	}
	c.pool.ledger.Shown(k, at)
	if c.slow {
		c.pool.counters.slowReads.Add(1)
		return
	}
	c.pool.counters.delivery.Record(c.index, plan.now()-plan.due(k))
}

// position records the next entry of the room. While a node is degraded, entries have seq 0 and no position.
func (c *client) position(seq uint64) ledger.Position {
	if seq == 0 {
		return 0
	}
	c.pool.counters.verdict(c.track.Show(seq))
	c.publish()
	return ledger.At(c.number, seq)
}

// publish makes the position of the client visible to other goroutines.
func (c *client) publish() {
	at := ledger.At(c.number, c.track.Seq())
	c.at.Store(uint64(at))
	c.missed.Store(c.track.Missing())
	c.room.raise(at)
}

func (c *client) acked(f *frame.Frame) {
	k, ok := c.complete(f.ID)
	if !ok {
		return
	}
	var at ledger.Position
	if f.Seq > 0 {
		at = ledger.At(c.number, f.Seq)
		c.room.raise(at)
	}
	if f.Duplicate {
		c.pool.counters.duplicates.Add(1)
	}
	c.pool.ledger.Acked(k, at)
	c.pool.counters.ack.Record(c.index, c.pool.plan.now()-c.pool.plan.due(k))
	c.text = c.sendNext(c.text)
}

func (c *client) failed(f *frame.Frame) {
	c.pool.counters.event("error " + string(f.Code))
	if f.Retry {
		c.retryLater(f)
		return
	}
	if k, ok := c.complete(f.ID); ok {
		c.pool.ledger.Refused(k)
		c.text = c.sendNext(c.text)
	}
}
