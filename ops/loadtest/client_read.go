package main

import (
	"errors"
	"time"

	"chatnode/ops/loadtest/frame"
	"chatnode/ops/loadtest/ledger"

	"github.com/lxzan/gws"
)

var _ gws.Event = (*client)(nil)

// OnOpen is called before the first frame.
func (c *client) OnOpen(*gws.Conn) {}

// OnClose keeps the node's close code.
func (c *client) OnClose(_ *gws.Conn, err error) {
	if closed := (*gws.CloseError)(nil); errors.As(err, &closed) {
		c.code = closed.Code
	}
}

// OnPing answers a ping of the WebSocket protocol.
func (c *client) OnPing(socket *gws.Conn, payload []byte) {
	if socket.SetWriteDeadline(time.Now().Add(writeTimeout)) == nil {
		_ = socket.WritePong(payload) // where it fails the read loop ends
	}
}

// OnPong is called for pongs of the WebSocket protocol, which nobody asks for.
func (c *client) OnPong(*gws.Conn, []byte) {}

// OnMessage reads one frame. This is the hot path: beside what gws does it allocates nothing for a message.
func (c *client) OnMessage(socket *gws.Conn, message *gws.Message) {
	var f frame.Frame
	if f.Scan(message.Bytes()) != nil {
		c.fleet.tally.malformed.Add(1)
	}
	c.take(socket, &f)
	_ = message.Close() // gives the buffer back; it has no other errors
	switch {
	case c.silent && c.track.Ready():
		c.fleet.silence(c.done)
	case c.slow:
		pause(c.done, c.fleet.slowPause)
	}
}

func (c *client) take(socket *gws.Conn, f *frame.Frame) {
	switch f.Kind {
	case frame.Message:
		c.message(f)
	case frame.Ack:
		c.acked(f)
	case frame.Change:
		c.place(f.Seq)
	case frame.Connected:
		c.fleet.pingAtLeast(time.Duration(f.PingMs) * time.Millisecond)
	case frame.Joined:
		c.onJoined(socket, f)
	case frame.History:
		c.history(socket, f)
	case frame.Committed:
		c.committed(f)
	case frame.Throttled:
		c.fleet.tally.throttled.Add(1)
		c.postpone(f)
	case frame.Error:
		c.failed(f)
	case frame.Shutdown:
		c.slot = c.fleet.plan.now() + time.Duration(f.ReconnectAfterMs)*time.Millisecond
	case frame.Resync:
		c.rejoin(socket)
	case frame.Other:
	}
}

// message takes a message of the room: its place, and how long after it was due it is here.
func (c *client) message(f *frame.Frame) {
	var at ledger.Place
	if !f.Provisional {
		at = c.place(f.Seq)
	}
	plan := c.fleet.plan
	k, ours := plan.inData(f.Data)
	if !ours {
		return
	}
	c.fleet.ledger.Shown(k, at)
	if c.slow {
		c.fleet.tally.slowReads.Add(1)
		return
	}
	c.fleet.tally.delivery.Record(c.index, plan.now()-plan.due(k))
}

// place takes the next place of the room's order. Entries that have none, while the node is degraded, have 0.
func (c *client) place(seq uint64) ledger.Place {
	if seq == 0 {
		return 0
	}
	c.fleet.tally.verdict(c.track.Place(seq))
	c.moved()
	return ledger.At(c.number, seq)
}

// moved publishes where the client is.
func (c *client) moved() {
	at := ledger.At(c.number, c.track.Seq())
	c.at.Store(uint64(at))
	c.missed.Store(c.track.Missing())
	c.room.raise(at)
}

func (c *client) acked(f *frame.Frame) {
	k, ok := c.settle(f.ID)
	if !ok {
		return
	}
	var at ledger.Place
	if f.Seq > 0 {
		at = ledger.At(c.number, f.Seq)
		c.room.raise(at)
	}
	if f.Duplicate {
		c.fleet.tally.duplicates.Add(1)
	}
	c.fleet.ledger.Acked(k, at)
	c.fleet.tally.ack.Record(c.index, c.fleet.plan.now()-c.fleet.plan.due(k))
	c.text = c.goOn(c.text)
}

func (c *client) failed(f *frame.Frame) {
	c.fleet.tally.event("error " + string(f.Code))
	if f.Retry {
		c.postpone(f)
		return
	}
	if k, ok := c.settle(f.ID); ok {
		c.fleet.ledger.Refused(k)
		c.text = c.goOn(c.text)
	}
}
