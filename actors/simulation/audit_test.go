package simulation

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// audit checks all invariants after the last fault has ended. It compares only what clients received with what the
// logs contain.
func (s *sim) audit() {
	s.auditNodes()
	stored := map[string]int{} // by description: entries in the logs
	for _, room := range s.rooms {
		for _, words := range s.redis.room(room).ledger {
			stored[words]++
		}
	}
	for _, c := range s.clients {
		for _, w := range c.acked {
			s.auditWrite(c, w, stored[c.describe(w)])
		}
		s.auditOrder(c)
		if n := len(c.unacked); n > 0 && !s.plan.evicts {
			s.failf("INV-1: %s waits for %d acks, want 0; the first is for %+v", c.user, n, c.unacked[0])
		}
		for _, v := range c.views {
			if c.conn != nil {
				s.auditView(v, s.redis.room(v.room))
			}
		}
	}
}

// auditNodes checks that no node is degraded, no journal contains writes, and no actor received an unknown message.
func (s *sim) auditNodes() {
	for _, n := range s.nodes {
		s.checkUnknown(n)
		if n.core.Degraded() {
			s.failf("INV-5: %s is degraded after all faults have ended: %s", n.name, n.core.Status().Cause)
		}
		if len(n.journal.Writes) > 0 {
			s.failf("INV-5: the journal of %s contains %d writes, want 0", n.name, len(n.journal.Writes))
		}
	}
}

// checkOwnWrites checks that the client has received each entry that was acknowledged to its connection, although no
// other write follows it.
func (c *client) checkOwnWrites() {
	for _, v := range c.views {
		if v.joined && v.ownAck.Epoch == v.epoch && v.seq < v.ownAck.Seq && !c.sim.plan.rewinds {
			c.sim.failf("INV-2: %v is at seq %d, but its own write was acknowledged at seq %d", v, v.seq, v.ownAck.Seq)
		}
	}
}

// auditOrder checks that messages that one connection sent once are in the log in the order of sending.
func (s *sim) auditOrder(c *client) {
	for _, room := range s.rooms {
		seqs := map[string]uint64{}
		for seq, words := range s.redis.room(room).ledger {
			seqs[words] = seq
		}
		var last uint64
		conn := 0
		for _, w := range c.written {
			seq := seqs[c.describe(w)]
			if w.Type != wire.SendMessage || w.Room != room || w.retried || seq == 0 || s.plan.rewinds {
				continue
			}
			if w.connNumber == conn && seq < last {
				s.failf("INV-2: %s has seq %d, but an earlier message of the same connection has seq %d", c.describe(w), seq, last)
			}
			last, conn = seq, w.connNumber
		}
	}
}

// auditWrite checks that an acknowledged write is in the log once. n is the number of its entries. An edit or a
// deletion may be missing if its message is missing too.
func (s *sim) auditWrite(c *client, w *userWrite, n int) {
	words := c.describe(w)
	switch {
	case n > 1 && w.Type != wire.BulkDelete:
		s.failf("INV-3: %s is in the log %d times, want 1", words, n)
	case n > 0, s.redis.lossAllowed(words):
	case w.target == "":
		s.failf("INV-1: %s was acknowledged (%s) but is not in the log", words, w.stored)
	default:
		for _, e := range s.redis.room(w.Room).log {
			if e.Kind == chat.EntryMessage && s.redis.originalText[e.ID] == w.target {
				s.failf("INV-1: %s was acknowledged (%s) but is not in the log; its message is at seq %d", words, w.stored, e.Seq)
			}
		}
	}
}

// auditView compares the messages that a client displays with the log.
func (s *sim) auditView(v *roomView, m *roomLog) {
	if v.epoch != m.epoch || v.seq != m.seq {
		s.failf("INV-2: %v is at %s/%d, want %s/%d", v, v.epoch, v.seq, m.epoch, m.seq)
		return
	}
	for i, e := range m.log {
		shown := v.shown[e.ID]
		switch {
		case e.Kind != chat.EntryMessage:
			if shown != nil {
				s.failf("INV-2: %v displays %s, which was deleted at seq %d", v, e.ID, e.Seq)
			}
		case shown == nil && i >= len(m.log)-recentEntries:
			s.failf("INV-2: %v does not display %s at seq %d", v, e.ID, e.Seq)
		case shown != nil && shown.text != e.Message.Text && !s.redis.textLossAllowed(shown.text):
			s.failf("INV-2: %v displays %q as %s at seq %d, want %q", v, shown.text, e.ID, e.Seq, e.Message.Text)
		}
	}
	idOf := map[string]string{} // by text
	for id, shown := range v.shown {
		if other := idOf[shown.text]; other != "" && !s.plan.rewinds {
			s.failf("INV-3: %v displays %q twice, as %s and as %s", v, shown.text, id, other)
		}
		idOf[shown.text] = id
		if shown.provisional {
			s.failf("INV-4: %v displays %s as provisional after all faults have ended", v, id)
		}
	}
	connected := 0
	for _, c := range s.clients {
		if c.conn != nil {
			connected++
		}
	}
	if v.presentUsers != connected {
		s.failf("INV-6: %v displays %d users, want %d", v, v.presentUsers, connected)
	}
}
