package fanout

import (
	"time"

	"chatnode/actors/wire"
)

const (
	keepaliveInterval = time.Second
	pingRepeat        = 5 // s between two pings to a client that stays silent
)

// PingFrame is a ping without payload.
var PingFrame = wire.SealControl(wire.OpPing, nil)

func (w *Writer) resetKeepalive() { w.keepalive.Reset(w.self, keepaliveInterval, &keepaliveTick{}) }

// onKeepaliveTick pings a client that has been silent for PingInterval, and closes it after PresenceTimeout. It closes
// the socket of a closed client when closeGrace has passed.
func (w *Writer) onKeepaliveTick() {
	now := w.sys.UptimeSeconds()
	ping, timeout := int64(w.config.PingInterval/time.Second), int64(w.config.PresenceTimeout/time.Second)
	for i := len(w.Clients) - 1; i >= 0; i-- {
		c := w.Clients[i]
		silent := now - c.lastSeen.Load()
		switch {
		case c.out.closeAt != 0 && now >= c.out.closeAt:
			c.Socket.Close()
		case c.out.closeAt != 0:
		case silent >= timeout:
			w.startClose(c, wire.CloseGoingAway, "presence timeout")
		case silent >= ping && silent%pingRepeat == ping%pingRepeat:
			w.sendTo(c, PingFrame)
		}
	}
	w.resetKeepalive()
}
