package fanout

import (
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// outbox is the lane of one slow connection: a bounded queue, written by a goroutine of its own,
// which may block. The writer puts chunks of whole frames into it and takes the client back when
// it has drained. An outbox that overflows is a slow consumer: what is queued is dropped, the frame
// that is half written is completed, then comes the close frame 1013.
type outbox struct {
	client  *Client
	process *process.Process
	queued  atomic.Int64 // bytes
	end     atomic.Int32 // how it ends: one of the end constants
	buf     []byte
}

// chunk is what the writer queues: whole frames, the first written bytes of which have gone out.
type chunk struct {
	data    []byte
	written int
}

const (
	endNot  int32 = iota
	endSlow       // cut for being slow: the close frame is still owed
	endGone       // the reader has ended: what is queued may still be written
	endDone       // nothing is written any more
)

// outboxClose wakes an outbox to look at its end. rest is what the first chunk, which was not taken any more,
// owes of a half written frame.
type outboxClose struct{ rest []byte }

// How long a slow consumer may take to read up to its close frame, and a client whose reader has ended
// to take what is left.
const (
	slowLinger = 10 * time.Second
	goneLinger = time.Second
)

// outboxChunks bounds the chunks in an outbox's mailbox; bytes are bounded by OUTBOX_BYTES.
const outboxChunks = 4096

// startOutbox moves a client whose socket is full into an outbox; written bytes of data have gone out.
func (w *Writer) startOutbox(c *Client, data []byte, written int) {
	w.stats.Slowed.Add(1)
	o := &outbox{client: c}
	c.out.outbox = o
	_, id, _ := strings.Cut(c.Session.ID(), "/")
	id += "." + strconv.FormatUint(w.stats.Slowed.Load(), 36)
	o.process = w.sys.Spawn(process.Spec{Kind: OutboxKind, ID: id, New: func() process.Actor { return o }, OnGiveUp: c.Socket.Close})
	w.put(c, chunk{data, written})
}

// appendOutbox queues whole frames behind the others of a slow client.
func (w *Writer) appendOutbox(c *Client, data []byte) { w.put(c, chunk{data, 0}) }

func (w *Writer) put(c *Client, k chunk) {
	o := c.out.outbox
	if o.end.Load() != endNot {
		return
	}
	n := int64(len(k.data) - k.written)
	if o.queued.Add(n) > w.set.OutboxBytes || o.process.TryPost(k) != nil {
		w.closeSlowConsumer(c, frameRemainder(k.data, k.written))
	}
}

// closeSlowConsumer cuts a slow consumer; rest is what must follow of a frame that is half written. It leaves the
// audiences once the pass is over, which walks them now.
func (w *Writer) closeSlowConsumer(c *Client, rest []byte) {
	w.stats.SlowConsumers.Add(1)
	o := c.out.outbox
	o.end.Store(endSlow)
	c.Socket.SetWriteDeadline(time.Now().Add(slowLinger).UnixMilli())
	o.process.Post(outboxClose{rest})
	c.out.closeAt = w.sys.UptimeSeconds() + int64(slowLinger/time.Second) + closeLinger
	w.closingClients = append(w.closingClients, c)
}

// onOutboxDrained takes a client back from its outbox, unless more was queued meanwhile.
func (w *Writer) onOutboxDrained(c *Client) {
	o := c.out.outbox
	if o == nil || o.queued.Load() > 0 || o.end.Load() != endNot {
		return
	}
	c.out.outbox = nil
	o.process.Stop()
}

// closeDetached ends the outbox of a client whose reader has ended: it may still write what it has, a close
// frame above all, but not for long.
func (o *outbox) closeDetached() {
	o.end.CompareAndSwap(endNot, endGone)
	o.client.Socket.SetWriteDeadline(time.Now().Add(goneLinger).UnixMilli())
	o.process.Stop()
}

// Receive implements Actor.
func (o *outbox) Receive(_ *process.Process, msg any) {
	if _, ok := msg.(process.Stopped); ok && o.end.Load() != endNot {
		o.client.Socket.Close()
	}
}

// ReceiveBatch implements BatchActor: all that has queued goes out in one write.
func (o *outbox) ReceiveBatch(_ *process.Process, msgs []any) {
	begun, rest := o.gather(msgs)
	if len(o.buf) > 0 {
		rest = frameRemainder(o.buf, begun)
	}
	if end := o.end.Load(); (end == endNot || end == endGone) && len(o.buf) > 0 {
		rest = o.write(begun)
	}
	switch o.end.Load() {
	case endSlow:
		o.finish(rest)
	case endNot:
		o.client.Writer.Post(outboxDrained{o.client})
	}
}

// gather lays the chunks end to end in buf and returns how much of it has gone out already, and what a
// hangUp brings.
func (o *outbox) gather(msgs []any) (begun int, rest []byte) {
	if o.buf = o.buf[:0]; cap(o.buf) > maxRetainedBuffer {
		o.buf = nil
	}
	for _, msg := range msgs {
		switch m := msg.(type) {
		case chunk:
			if len(o.buf) == 0 {
				begun = m.written
			}
			o.buf = append(o.buf, m.data...)
		case outboxClose:
			rest = m.rest
		}
	}
	return begun, rest
}

// write writes buf from begun on. Where it is broken off by the cut of a slow consumer it returns
// the rest of the frame that it broke off in.
func (o *outbox) write(begun int) (rest []byte) {
	n, err := o.client.Socket.Write(o.buf[begun:])
	o.queued.Add(-int64(len(o.buf) - begun))
	switch {
	case err == nil:
		return nil
	case o.end.Load() == endSlow:
		return frameRemainder(o.buf, begun+n)
	default:
		o.end.Store(endDone) // the reader will notice the broken socket too
		o.client.Socket.Close()
		return nil
	}
}

// frameRemainder is what is left of the frame that position n of buf is in the middle of.
func frameRemainder(buf []byte, n int) []byte {
	if n == 0 || n >= len(buf) {
		return nil
	}
	return buf[n:wire.FrameEnd(buf, n)]
}

// finish completes the broken frame, sends the close frame and hangs up.
func (o *outbox) finish(rest []byte) {
	o.end.Store(endDone)
	o.client.Socket.SetWriteDeadline(time.Now().Add(slowLinger).UnixMilli())
	last := append(append([]byte(nil), rest...), wire.CloseFrame(wire.CloseOverloaded, "slow consumer")...)
	_, _ = o.client.Socket.Write(last) // it was too slow before; that it may be again is no news
}
