package fanout

import (
	"sync/atomic"
	"time"

	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// outbox is the bounded queue of one slow client. It writes in blocking calls on its own goroutine. If the queue is
// full, the client is a slow consumer: the outbox drops the queue, completes the frame that it has written in part,
// and sends the close frame 1013.
type outbox struct {
	client  *Client
	process *process.Process
	queued  atomic.Int64 // bytes; at most Config.OutboxBytes
	state   atomic.Int32 // one of the constants below
	buf     []byte
}

// States of an outbox. The writer sets outboxSlow and outboxDetached, the outbox sets outboxClosed.
const (
	outboxOpen     int32 = iota
	outboxSlow           // slow consumer: only the close frame is written
	outboxDetached       // the reader has ended: the queue is written within detachedGrace
	outboxClosed         // nothing is written
)

// chunk and outboxClose are the messages of the writer to an outbox. They are sent by value.
type (
	chunk struct { // whole frames
		data    []byte
		written int // bytes of data that the writer has written
	}
	outboxClose struct{ rest []byte } // the state has changed; rest completes a frame that was written in part
)

// outboxChunks is the maximum number of chunks in the mailbox of an outbox.
const outboxChunks = 4096

// Receive implements Actor. It gets the lifecycle messages only.
func (o *outbox) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Stopped:
		o.onStopped()
	default:
		self.Unknown(msg)
	}
}

// ReceiveBatch implements BatchActor. It writes all chunks of the batch in one call.
func (o *outbox) ReceiveBatch(self *process.Process, msgs []any) {
	written, rest := o.collect(self, msgs)
	if len(o.buf) > 0 {
		rest = frameRemainder(o.buf, written)
	}
	if state := o.state.Load(); (state == outboxOpen || state == outboxDetached) && len(o.buf) > 0 {
		rest = o.write(written)
	}
	switch o.state.Load() {
	case outboxOpen:
		o.client.Writer.Post((*outboxDrained)(o.client))
	case outboxSlow:
		o.writeClose(rest)
	case outboxDetached, outboxClosed:
	}
}

// collect copies the chunks to buf. It returns the number of bytes of buf that are written, and the rest of
// outboxClose.
func (o *outbox) collect(self *process.Process, msgs []any) (written int, rest []byte) {
	if o.buf = o.buf[:0]; cap(o.buf) > maxRetainedBuffer {
		o.buf = nil
	}
	for _, msg := range msgs {
		switch m := msg.(type) {
		case chunk:
			if len(o.buf) == 0 {
				written = m.written
			}
			o.buf = append(o.buf, m.data...)
		case outboxClose:
			rest = m.rest
		default:
			self.Unknown(msg)
		}
	}
	return written, rest
}

// write writes buf[from:]. If the client becomes a slow consumer during the call, write returns the rest of the frame
// that is written in part.
func (o *outbox) write(from int) (rest []byte) {
	n, err := o.client.Socket.Write(o.buf[from:])
	o.queued.Add(-int64(len(o.buf) - from))
	switch {
	case err == nil:
		return nil
	case o.state.Load() == outboxSlow:
		return frameRemainder(o.buf, from+n)
	default:
		o.state.Store(outboxClosed)
		o.client.Socket.Close() // the reader detects it and ends the session
		return nil
	}
}

// writeClose completes the frame that is written in part, and sends the close frame.
func (o *outbox) writeClose(rest []byte) {
	o.state.Store(outboxClosed)
	o.client.Socket.SetWriteDeadline(time.Now().Add(slowConsumerGrace).UnixMilli())
	last := append(append([]byte(nil), rest...), wire.CloseFrame(wire.CloseOverloaded, "slow consumer")...)
	_, _ = o.client.Socket.Write(last) // if it fails, closeGrace ends the connection
}

// detach stops the outbox of a client whose reader has ended. The chunks in the mailbox, such as a close frame, are
// still written, within detachedGrace.
func (o *outbox) detach() {
	o.state.CompareAndSwap(outboxOpen, outboxDetached)
	o.client.Socket.SetWriteDeadline(time.Now().Add(detachedGrace).UnixMilli())
	o.process.Stop()
}

// onStopped closes the socket, unless the writer has taken the client back.
func (o *outbox) onStopped() {
	if o.state.Load() != outboxOpen {
		o.client.Socket.Close()
	}
}

// frameRemainder returns the rest of the frame that byte n of buf is in. It is empty if a frame starts at n.
func frameRemainder(buf []byte, n int) []byte {
	if n == 0 || n >= len(buf) {
		return nil
	}
	return buf[n:wire.FrameEnd(buf, n)]
}
