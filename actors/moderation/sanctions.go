package moderation

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// sanctions keeps this node's view of the bans, mutes and slow modes, and turns out who is banned. It asks
// for changes every second, and at once where another node says that there are some. While Redis is lost
// the last view stays in force, and nothing new is imposed.
type Sanctions struct {
	Core    *Service
	self    *process.Process
	tick    *time.Timer
	version string
	reading bool             // a read is under way
	again   bool             // and another one is wanted after it
	failing bool             // the last read failed
	owed    []*sanctionOrder // carried out; answered when the next read has made this node obey them
	orders  []*expulsion     // published and not heard yet
}

const (
	SanctionsBound = 4096
	SanctionsEvery = time.Second
)

// Receive implements Actor.
func (s *Sanctions) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.self = self
		s.turn()
	case process.Recovered:
		s.reading = false
		s.turn()
	case process.Stopped:
		s.tick.Stop()
	case sanctionTick:
		s.turn()
	case sanctionSettled:
		s.settle(m.sanctionOrder)
	case sanctionsRead:
		s.read(&m)
	case *expulsion:
		s.expel(m)
	case *chat.Control:
		s.told(m)
	case orderUnheard:
		s.unheard(m.expulsion)
	}
}

// told is an order to all nodes, or the news that the sanctions have changed.
func (s *Sanctions) told(m *chat.Control) {
	switch m.Op {
	case chat.ControlDisconnect:
		s.Core.Clients.Post(*m)
		s.heard(*m)
	case chat.ControlSanctions:
		s.review()
	}
}

// turn is one beat of the poll.
func (s *Sanctions) turn() {
	if s.tick != nil {
		s.tick.Stop()
	}
	s.tick = s.self.After(SanctionsEvery, sanctionTick{})
	if !s.reading {
		s.review()
	}
}

// review asks for what has changed, one read at a time. There is nothing to ask while Redis is lost.
func (s *Sanctions) review() {
	switch {
	case s.reading:
		s.again = true
	case s.Core.Port == nil || s.Core.Link.Degraded():
		s.answer()
	default:
		s.reading = true
		s.Core.Store.Post(&readSanctions{s.version, s.Core.Port, s.self})
	}
}

func (s *Sanctions) read(m *sanctionsRead) {
	s.reading = false
	if m.err != nil && !s.failing {
		s.Core.Sys.Log.Warn().Err(m.err).Msg("sanctions refresh failed")
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
func (s *Sanctions) adopt(m *sanctionsRead) {
	s.version = m.version
	view := newSanctionView(m.list)
	before := s.Core.Sanctioned.current.Swap(view)
	for _, ban := range view.freshBans(before) {
		s.Core.Clients.Post(chat.Control{Op: chat.ControlDisconnect, UserID: ban.Subject, Reason: banReason(&ban)})
	}
}

// settle tells the other nodes of an order that was carried out. It is answered when this node obeys it.
func (s *Sanctions) settle(o *sanctionOrder) {
	if o.err != nil {
		o.done <- o
		return
	}
	s.owed = append(s.owed, o)
	_ = s.Core.Out.Tell(chat.Signal{Control: &chat.Control{Op: chat.ControlSanctions}}) // else they find out by their polls
	s.review()
}

func (s *Sanctions) answer() {
	for _, o := range s.owed {
		o.done <- o
	}
	s.owed = process.DropAll(s.owed)
}
