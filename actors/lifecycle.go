package actors

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/session"
)

// reconnectGrace is the time that the last drained client has to reconnect to another node.
const reconnectGrace = time.Second

// Admit starts the session of an upgraded connection. From then on the socket belongs to its writer. It returns
// process.ErrStopped while the node shuts down.
func (c *Core) Admit(r chat.ConnectRequest) (session.Conn, error) {
	if c.stopping.Load() {
		return session.Conn{}, process.ErrStopped
	}
	return c.admitter.Admit(r)
}

// Drain closes all clients within window, each in its own slot. It blocks until they are closed, or until limit has
// passed. New connections are rejected from now on.
//
// Their presence is removed only after they had time to reconnect to another node, so that other users do not see them
// leave.
func (c *Core) Drain(reason string, window, limit time.Duration) {
	c.stopping.Store(true)
	timeout := time.After(limit)
	if c.settings.Distributed && c.stats.Chat.Sessions.Load() > 0 {
		c.Presence.Post(presence.FreezePresence{})
		defer func() { // after all clients are closed
			select {
			case <-time.After(reconnectGrace + 2*c.settings.PresenceDebounce):
			case <-timeout:
			}
		}()
	}
	for _, w := range c.Writers {
		done := make(chan struct{})
		w.Post(&fanout.DrainRequest{Reason: reason, Window: window, Deadline: limit, Done: done})
		defer func() {
			select {
			case <-done:
			case <-timeout:
			}
		}()
	}
}

// Stop handles the queued messages, removes the presence of local users and the entry in the registry, and stops the
// actors. It blocks for at most limit. The owners of the ports close them.
func (c *Core) Stop(limit time.Duration) {
	c.stopping.Store(true)
	timeout := time.After(limit)
	wait := func(done <-chan struct{}) {
		select {
		case <-done:
		case <-timeout:
		}
	}
	cleared, deregistered := make(chan struct{}), make(chan struct{})
	c.Presence.Post(presence.ClearPresence{Done: cleared})
	wait(cleared)
	c.Heartbeat.Post(cluster.DeregisterInstance{Done: deregistered})
	wait(deregistered)
	inOrder := []*process.Process{c.Moderator, c.RoomDirectory, c.Publisher, c.Journal, c.Link, c.Dispatcher, c.Presence, c.Heartbeat, c.Store, c.Clients}
	for _, p := range append(inOrder, c.Writers...) {
		if p != nil {
			wait(p.Stop())
		}
	}
}
