package actors

import "time"

// sanctions keeps this node's view of the bans, mutes and slow modes, and turns out who is banned. It asks
// for changes every second, and at once where another node says that there are some. While Redis is lost
// the last view stays in force, and nothing new is imposed.
type sanctions struct {
	core    *moderationDeps
	self    *Process
	tick    *time.Timer
	version string
	reading bool             // a read is under way
	again   bool             // and another one is wanted after it
	failing bool             // the last read failed
	owed    []*sanctionOrder // carried out; answered when the next read has made this node obey them
	orders  []*expulsion     // published and not heard yet
}

const (
	sanctionsBound = 4096
	sanctionsEvery = time.Second
)

// ControlSanctions is the news that the sanctions have changed.
const ControlSanctions = "sanctions"

// Receive implements Actor.
func (s *sanctions) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		s.self = self
		s.turn()
	case Recovered:
		s.reading = false
		s.turn()
	case Stopped:
		s.tick.Stop()
	case sanctionTick:
		s.turn()
	case sanctionSettled:
		s.settle(m.sanctionOrder)
	case sanctionsRead:
		s.read(&m)
	case *expulsion:
		s.expel(m)
	case *Control:
		s.told(m)
	case orderUnheard:
		s.unheard(m.expulsion)
	}
}

// told is an order to all nodes, or the news that the sanctions have changed.
func (s *sanctions) told(m *Control) {
	switch m.Op {
	case ControlDisconnect:
		s.core.clients.Post(*m)
		s.heard(*m)
	case ControlSanctions:
		s.review()
	}
}

// turn is one beat of the poll.
func (s *sanctions) turn() {
	if s.tick != nil {
		s.tick.Stop()
	}
	s.tick = s.self.After(sanctionsEvery, sanctionTick{})
	if !s.reading {
		s.review()
	}
}

// review asks for what has changed, one read at a time. There is nothing to ask while Redis is lost.
func (s *sanctions) review() {
	switch {
	case s.reading:
		s.again = true
	case s.core.port == nil || s.core.link.degraded():
		s.answer()
	default:
		s.reading = true
		s.core.store.Post(&readSanctions{s.version, s.core.port, s.self})
	}
}

func (s *sanctions) read(m *sanctionsRead) {
	s.reading = false
	if m.err != nil && !s.failing {
		s.core.sys.Log.Warn().Err(m.err).Msg("sanctions not read; the last known stay in force")
	}
	s.failing = m.err != nil
	if m.err == nil && m.changed {
		s.adopt(m)
	}
	if s.again {
		s.again = false
		s.review()
		return
	}
	s.answer()
}

// adopt publishes the new view first and then turns out who is banned in it: who comes in between is
// seen by Admit.
func (s *sanctions) adopt(m *sanctionsRead) {
	s.version = m.version
	view := newSanctionView(m.list)
	before := s.core.sanctioned.current.Swap(view)
	for _, ban := range view.freshBans(before) {
		s.core.clients.Post(Control{Op: ControlDisconnect, UserID: ban.Subject, Reason: banReason(&ban)})
	}
}

// settle tells the other nodes of an order that was carried out. It is answered when this node obeys it.
func (s *sanctions) settle(o *sanctionOrder) {
	if o.err != nil {
		o.done <- o
		return
	}
	s.owed = append(s.owed, o)
	_ = s.core.out.Tell(Signal{Control: &Control{Op: ControlSanctions}}) // else they find out by their polls
	s.review()
}

func (s *sanctions) answer() {
	for _, o := range s.owed {
		o.done <- o
	}
	s.owed = dropAll(s.owed)
}
