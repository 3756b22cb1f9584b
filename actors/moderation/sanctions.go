package moderation

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Sanctions keeps this node's view of the bans, mutes and slow modes, and turns out who is banned. It asks
// for changes every second, and at once where another node says that there are some. While Redis is lost
// the last view stays in force, and nothing new is imposed.
type Sanctions struct {
	Core    *Service
	self    *process.Process
	tick    *time.Timer
	version string
	reading bool                 // a read is under way
	again   bool                 // and another one is wanted after it
	failing bool                 // the last read failed
	owed    []*sanctionRequest   // carried out; answered when the next read has made this node obey them
	orders  []*disconnectRequest // published and not heard yet
}

const (
	SanctionsEvery = time.Second
)

// Receive implements Actor.
func (s *Sanctions) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.self = self
		s.poll()
	case process.Recovered:
		s.reading = false
		s.poll()
	case process.Stopped:
		s.tick.Stop()
	case sanctionTick:
		s.poll()
	case sanctionApplied:
		s.onSanctionApplied(m.sanctionRequest)
	case sanctionsResult:
		s.onSanctionsResult(&m)
	case *disconnectRequest:
		s.onDisconnectRequest(m)
	case *chat.Control:
		s.told(m)
	case disconnectTimeoutTick:
		s.onDisconnectTimeout(m.disconnectRequest)
	}
}

// told is an order to all nodes, or the news that the sanctions have changed.
func (s *Sanctions) told(m *chat.Control) {
	switch m.Op {
	case chat.ControlDisconnect:
		s.Core.Clients.Post(*m)
		s.onDisconnectSeen(*m)
	case chat.ControlSanctions:
		s.requestSanctions()
	}
}

// poll is one beat of the poll.
func (s *Sanctions) poll() {
	if s.tick != nil {
		s.tick.Stop()
	}
	s.tick = s.self.PostAfter(SanctionsEvery, sanctionTick{})
	if !s.reading {
		s.requestSanctions()
	}
}

// requestSanctions asks for what has changed, one read at a time. There is nothing to ask while Redis is lost.
func (s *Sanctions) requestSanctions() {
	switch {
	case s.reading:
		s.again = true
	case s.Core.Port == nil || s.Core.Link.Degraded():
		s.answer()
	default:
		s.reading = true
		s.Core.Store.Post(&sanctionsRequest{s.version, s.Core.Port, s.self})
	}
}

func (s *Sanctions) onSanctionsResult(m *sanctionsResult) {
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
		s.requestSanctions()
		return
	}
	s.answer()
}

// adopt publishes the new view first and then turns out who is banned in it: who comes in between is
// seen by Admit.
func (s *Sanctions) adopt(m *sanctionsResult) {
	s.version = m.version
	view := newSanctionView(m.list)
	before := s.Core.Sanctioned.current.Swap(view)
	for _, ban := range view.newBans(before) {
		s.Core.Clients.Post(chat.Control{Op: chat.ControlDisconnect, UserID: ban.Subject, Reason: banReason(&ban)})
	}
}

// onSanctionApplied tells the other nodes of an order that was carried out. It is answered when this node obeys it.
func (s *Sanctions) onSanctionApplied(o *sanctionRequest) {
	if o.err != nil {
		o.finish()
		return
	}
	s.owed = append(s.owed, o)
	_ = s.Core.Out.TryPost(chat.Signal{Control: &chat.Control{Op: chat.ControlSanctions}}) // else they find out by their polls
	s.requestSanctions()
}

func (s *Sanctions) answer() {
	for _, o := range s.owed {
		o.finish()
	}
	s.owed = process.DropAll(s.owed)
}
