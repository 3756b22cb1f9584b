package fanout

import (
	"strconv"
	"strings"
	"time"

	"chatnode/actors/process"
)

// A slow consumer gets slowConsumerGrace to read up to its close frame. A client whose reader has ended gets
// detachedGrace to read the frames in its outbox.
const (
	slowConsumerGrace = 10 * time.Second
	detachedGrace     = time.Second
)

// startOutbox gives an outbox to a client whose socket is full. The first written bytes of data are on the wire.
func (w *Writer) startOutbox(c *Client, data []byte, written int) {
	w.stats.Slowed.Add(1)
	o := &outbox{client: c}
	c.out.outbox = o
	_, id, _ := strings.Cut(c.Session.ID(), "/")
	id += "." + strconv.FormatUint(w.stats.Slowed.Load(), 36)
	o.process = w.sys.Spawn(process.Spec{Kind: OutboxKind, ID: id, New: func() process.Actor { return o }, OnGiveUp: c.Socket.Close})
	w.queueChunk(c, chunk{data, written})
}

// appendOutbox queues whole frames in the outbox of a client.
func (w *Writer) appendOutbox(c *Client, data []byte) { w.queueChunk(c, chunk{data, 0}) }

func (w *Writer) queueChunk(c *Client, k chunk) {
	o := c.out.outbox
	if o.state.Load() != outboxOpen {
		return
	}
	n := int64(len(k.data) - k.written)
	if o.queued.Add(n) > w.config.OutboxBytes || o.process.TryPost(k) != nil {
		w.closeSlowConsumer(c, frameRemainder(k.data, k.written))
	}
}

// closeSlowConsumer disconnects a client whose outbox is full; rest completes a frame that was written in part. The
// client leaves its groups at the end of the turn, because the pass is iterating over the members.
func (w *Writer) closeSlowConsumer(c *Client, rest []byte) {
	w.stats.SlowConsumers.Add(1)
	o := c.out.outbox
	o.state.Store(outboxSlow)
	c.Socket.SetWriteDeadline(time.Now().Add(slowConsumerGrace).UnixMilli())
	o.process.Post(outboxClose{rest})
	c.out.closeAt = w.sys.UptimeSeconds() + int64(slowConsumerGrace/time.Second) + closeGrace
	w.closingClients = append(w.closingClients, c)
}

// onOutboxDrained stops the outbox of a client, unless more frames were queued in the meantime. The writer writes to
// the socket again.
func (w *Writer) onOutboxDrained(c *Client) {
	s := &c.out
	o := s.outbox
	if o == nil || o.queued.Load() > 0 || o.state.Load() != outboxOpen {
		return
	}
	s.outbox = nil
	o.process.Stop()
}
