package simulation

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// audit is the oracle's last word, when all faults have ended. It knows nothing of how nodes work: only
// what clients were told, and what the logs hold.
func (s *sim) audit() {
	s.auditNodes()
	stands := map[string]int{}
	for _, room := range s.rooms {
		for _, words := range s.redis.room(room).ledger {
			stands[words]++
		}
	}
	for _, c := range s.clients {
		for _, w := range c.acked {
			s.auditWrite(c, w, stands[c.words(w)])
		}
		s.auditOrder(c)
		if n := len(c.waiting); n > 0 && !s.plan.evicts {
			s.fail("INV-1: %s still waits for %d acknowledgements: %+v", c.user, n, c.waiting[0])
		}
		for _, v := range c.views {
			if c.client != nil {
				s.auditView(v, s.redis.room(v.room))
			}
		}
	}
}

// auditNodes: when all faults have ended, all is well.
func (s *sim) auditNodes() {
	for _, n := range s.nodes {
		if n.core.Degraded() {
			s.fail("INV-5: %s is still degraded: %s", n.name, n.core.Status().Cause)
		}
		if len(n.journal.Writes) > 0 {
			s.fail("INV-5: the journal of %s still holds %d writes", n.name, len(n.journal.Writes))
		}
	}
}

// seesItsOwn: what a user's connection was told to be at a place in the log is on its screen without
// anybody else having to write.
func (c *simClient) seesItsOwn() {
	for _, v := range c.views {
		if v.joined && v.own.Epoch == v.epoch && v.pos < v.own.Seq && !c.sim.plan.rewinds {
			c.sim.fail("INV-2: %v is at %d, and was told that its own write is at %d", v, v.pos, v.own.Seq)
		}
	}
}

// auditOrder: the messages that one connection wrote, and wrote but once, stand in the order of writing.
func (s *sim) auditOrder(c *simClient) {
	for _, room := range s.rooms {
		places := map[string]uint64{}
		for seq, words := range s.redis.room(room).ledger {
			places[words] = seq
		}
		var last uint64
		conn := 0
		for _, w := range c.written {
			seq := places[c.words(w)]
			if w.Type != wire.SendMessage || w.Room != room || w.again || seq == 0 || s.plan.rewinds {
				continue
			}
			if w.conn == conn && seq < last {
				s.fail("INV-2: %s stands at %d, and what the same connection wrote before it at %d", c.words(w), seq, last)
			}
			last, conn = seq, w.conn
		}
	}
}

// auditWrite: what was acknowledged stands in the log once. An edit or a deletion need not, where there
// is nothing left that it could change.
func (s *sim) auditWrite(c *simClient, w *simWrite, n int) {
	words := c.words(w)
	switch {
	case n > 1 && w.Type != wire.BulkDelete:
		s.fail("INV-3: %s stands in the log %d times", words, n)
	case n > 0, s.redis.forgotten(words):
	case w.target == "":
		s.fail("INV-1: %s was acknowledged (%s) and does not stand in the log", words, w.stored)
	default:
		for _, e := range s.redis.room(w.Room).log {
			if e.Kind == chat.EntryMessage && s.redis.origin[e.ID] == w.target {
				s.fail("INV-1: %s was acknowledged (%s) and does not stand in the log; the message at %d does", words, w.stored, e.Seq)
			}
		}
	}
}

// auditView compares what a reader has on the screen with the log.
func (s *sim) auditView(v *simView, m *simLog) {
	if v.epoch != m.epoch || v.pos != m.seq {
		s.fail("INV-2: %v is at %s/%d, the log at %s/%d", v, v.epoch, v.pos, m.epoch, m.seq)
		return
	}
	for i, e := range m.log {
		shown := v.shown[e.ID]
		switch {
		case e.Kind != chat.EntryMessage:
			if shown != nil {
				s.fail("INV-2: %v still sees %s, deleted at %d", v, e.ID, e.Seq)
			}
		case shown == nil && i >= len(m.log)-simRecent:
			s.fail("INV-2: %v does not see %s at %d", v, e.ID, e.Seq)
		case shown != nil && shown.text != e.Message.Text && !s.redis.forgottenText(shown.text):
			s.fail("INV-2: %v sees %q as %s at %d, which is %q", v, shown.text, e.ID, e.Seq, e.Message.Text)
		}
	}
	once := map[string]string{}
	for id, shown := range v.shown {
		if other := once[shown.text]; other != "" && !s.plan.rewinds {
			s.fail("INV-3: %v sees %q twice, as %s and as %s", v, shown.text, id, other)
		}
		once[shown.text] = id
		if shown.early {
			s.fail("INV-4: %v still sees %s as provisional", v, id)
		}
	}
	there := 0
	for _, c := range s.clients {
		if c.client != nil {
			there++
		}
	}
	if v.present != there {
		s.fail("INV-6: %v sees %d users, there are %d", v, v.present, there)
	}
}
