package actors

import "time"

// audit is the oracle's last word, when all faults have ended. It knows nothing of how nodes work: only
// what clients were told, and what the log holds.
func (s *sim) audit() {
	m := s.redis.room(DefaultRoom)
	places := map[string][]uint64{}
	for _, e := range m.log {
		places[e.Message.Text] = append(places[e.Message.Text], e.Seq)
	}
	for _, c := range s.clients {
		for text, a := range c.acked {
			if n := len(places[text]); n != 1 && !(n == 0 && s.excused(a)) {
				s.fail("INV-1: %s was acknowledged (%s) and stands %d times in the log", text, a.stored, n)
			}
		}
		if n := len(c.order); n > 0 {
			s.fail("INV-1: %s still waits for %d acknowledgements", c.user, n)
		}
	}
	for text, at := range places {
		if len(at) > 1 {
			s.fail("INV-3: %s stands in the log at %v", text, at)
		}
	}
	s.auditViews(m)
	for _, n := range s.nodes {
		if n.core.degraded() {
			s.fail("INV-5: %s is still degraded: %s", n.name, n.core.Status().Cause)
		}
		if len(n.journal.writes) > 0 {
			s.fail("INV-5: the journal of %s still holds %d writes", n.name, len(n.journal.writes))
		}
	}
}

// excused is an acknowledgement that a flush may undo: it was older than what nodes remember.
func (s *sim) excused(a ackState) bool {
	for _, at := range s.flushed {
		if at.After(a.at) && at.Sub(a.at) > ackedFor-10*time.Second {
			return true
		}
	}
	return false
}

// auditViews compares what every reader has on the screen with the end of the log.
func (s *sim) auditViews(m *simRoom) {
	for _, c := range s.clients {
		if c.epoch != m.epoch || c.pos != m.seq {
			s.fail("INV-2: %s is at %s/%d, the log at %s/%d", c.user, c.epoch, c.pos, m.epoch, m.seq)
			continue
		}
		for _, e := range m.log[max(0, len(m.log)-8):] {
			if !c.shown[e.ID] {
				s.fail("INV-2: %s does not see %s at %d", c.user, e.ID, e.Seq)
			}
		}
		if len(c.early) > 0 {
			s.fail("INV-4: %s still sees provisional messages %v", c.user, c.early)
		}
		if c.status == "degraded" {
			s.fail("INV-5: %s was never told that the node has recovered", c.user)
		}
		if c.present != len(s.clients) {
			s.fail("INV-6: %s sees %d users, there are %d", c.user, c.present, len(s.clients))
		}
	}
}
