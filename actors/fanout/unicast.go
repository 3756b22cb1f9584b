package fanout

import (
	"chatnode/actors/process"
)

// Larger buffers than maxRetainedBuffer bytes, and more than maxSpareBuffers, are not used again.
const (
	maxRetainedBuffer = 64 << 10
	maxSpareBuffers   = 64
	spareBufferSize   = 4096
)

// onSendFrame frees the slot first, because a panic in the writer must not cost the session a slot. onJoinGroup and
// onLeaveGroup do the same.
func (w *Writer) onSendFrame(m *SendFrame) {
	m.Client.Session.FreeSlots(1)
	w.sendTo(m.Client, m.Frame)
}

// sendTo queues a frame for one client, after the frames that its groups have for it.
func (w *Writer) sendTo(c *Client, frame []byte) {
	s := &c.out
	if s.ended() || len(frame) == 0 {
		return
	}
	for _, in := range s.memberships {
		if unsent := in.group.takeUnsent(in.index); len(unsent) > 0 {
			w.queueCopy(c, unsent)
		}
	}
	w.queue(c, frame)
}

// queue adds a frame to the write of this turn. A single frame is not copied.
func (w *Writer) queue(c *Client, frame []byte) {
	if s := &c.out; s.frames == nil {
		w.unicastClients = append(w.unicastClients, c)
		s.frames, s.buffered = frame, false
		return
	}
	w.queueCopy(c, frame)
}

// queueCopy is queue for a part of a group's log, which may be overwritten before the turn ends.
func (w *Writer) queueCopy(c *Client, frames []byte) {
	s := &c.out
	switch {
	case s.frames == nil:
		w.unicastClients = append(w.unicastClients, c)
		s.frames, s.buffered = w.takeBuffer(), true
	case !s.buffered:
		s.frames, s.buffered = append(w.takeBuffer(), s.frames...), true
	}
	s.frames = append(s.frames, frames...)
}

func (w *Writer) takeBuffer() []byte {
	if n := len(w.spareBuffers); n > 0 {
		b := w.spareBuffers[n-1]
		w.spareBuffers = w.spareBuffers[:n-1]
		return b[:0]
	}
	return make([]byte, 0, spareBufferSize)
}

// flushUnicasts writes the frames of single clients. Then the slow consumers of this turn leave their groups.
func (w *Writer) flushUnicasts() {
	for i, c := range w.unicastClients {
		w.flushClient(c)
		w.unicastClients[i] = nil
	}
	w.unicastClients = w.unicastClients[:0]
	for _, c := range w.closingClients {
		w.leaveAll(c)
	}
	w.closingClients = process.DropAll(w.closingClients)
}

func (w *Writer) flushClient(c *Client) {
	s := &c.out
	frames := s.frames
	s.frames = nil
	if s.detached {
		return
	}
	w.stats.Writes.Add(1)
	w.stats.Bytes.Add(uint64(len(frames)))
	if s.outbox != nil {
		w.appendOutbox(c, append([]byte(nil), frames...))
	} else if n, err := c.Socket.TryWrite(frames); n < len(frames) && err == nil {
		w.startOutbox(c, append([]byte(nil), frames...), n)
	}
	if s.buffered && cap(frames) <= maxRetainedBuffer && len(w.spareBuffers) < maxSpareBuffers {
		w.spareBuffers = append(w.spareBuffers, frames)
	}
}
