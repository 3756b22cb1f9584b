package fanout

import (
	"chatnode/actors/wire"
)

// closeGrace is the time between our close frame and the end of the socket, in s.
const closeGrace = 5

func (w *Writer) onAttachClient(c *Client) {
	c.out.index = len(w.Clients)
	w.Clients = append(w.Clients, c)
}

// onCloseClient starts to close a connection: the close frame is its last frame.
func (w *Writer) onCloseClient(m *closeClient) { w.startClose(m.client, m.code, m.reason) }

func (w *Writer) startClose(c *Client, code uint16, reason string) {
	if c.out.ended() {
		return
	}
	w.sendTo(c, wire.CloseFrame(code, reason))
	c.out.closeAt = w.sys.UptimeSeconds() + closeGrace
	w.leaveAll(c)
}

// onDetachClient removes a client whose reader has ended. It writes the frames in the queue once, as far as the socket
// accepts them without blocking; an outbox gets detachedGrace.
func (w *Writer) onDetachClient(c *Client) {
	s := &c.out
	if s.detached {
		return
	}
	w.leaveAll(c)
	if s.frames != nil && s.outbox == nil {
		if n, err := c.Socket.TryWrite(s.frames); n < len(s.frames) && err == nil {
			w.startOutbox(c, append([]byte(nil), s.frames...), n)
		}
	}
	s.detached = true
	if s.outbox != nil {
		s.outbox.detach()
	} else {
		c.Socket.Close()
	}
	w.removeClient(c)
}

func (w *Writer) removeClient(c *Client) {
	last := len(w.Clients) - 1
	i := c.out.index
	if i > last || w.Clients[i] != c { // a panic has dropped attachClient
		return
	}
	w.Clients[i] = w.Clients[last]
	w.Clients[i].out.index = i
	w.Clients[last] = nil
	w.Clients = w.Clients[:last]
}
