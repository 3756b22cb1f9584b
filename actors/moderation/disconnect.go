package moderation

import (
	"slices"

	"chatnode/actors/chat"
)

// onDisconnectRequest publishes the order. While Redis is unavailable, only the connections of this node are closed.
func (m *Moderator) onDisconnectRequest(r *disconnectRequest) {
	if m.deps.Link.Degraded() {
		m.disconnectLocal(r)
		return
	}
	if err := m.deps.Publisher.TryPost(chat.Signal{Control: &r.control}); err != nil {
		r.finish(err)
		return
	}
	m.published = append(m.published, r)
	m.self.PostAfter(m.deps.EchoTimeout, &disconnectTimeoutTick{r})
}

// onDisconnectReceived answers all requests for this order.
func (m *Moderator) onDisconnectReceived(c chat.Control) {
	m.published = slices.DeleteFunc(m.published, func(r *disconnectRequest) bool {
		if r.control != c {
			return false
		}
		r.finish(nil)
		return true
	})
}

// onDisconnectTimeout closes the connections of this node at least, if the order was not received from the bus.
func (m *Moderator) onDisconnectTimeout(t *disconnectTimeoutTick) {
	if i := slices.Index(m.published, t.request); i >= 0 {
		m.published = slices.Delete(m.published, i, i+1)
		m.disconnectLocal(t.request)
	}
}

func (m *Moderator) disconnectLocal(r *disconnectRequest) {
	m.deps.Directory.Post(r.control)
	r.finish(chat.ErrDegraded)
}
