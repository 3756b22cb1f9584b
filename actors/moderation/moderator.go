package moderation

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// PollInterval is the time between two reads of the sanctions. Another node's change is enforced within it, also if
// its signal was lost.
const PollInterval = time.Second

// Moderator keeps the Register up to date and disconnects users that are banned. It reads the sanctions every
// PollInterval, and when another node signals a change. While Redis is unavailable, the known sanctions stay in force.
type Moderator struct {
	deps    *Deps
	self    *process.Process
	poll    process.Ticker
	version string // of the known sanctions

	reading    bool                 // a read is in progress
	readAgain  bool                 // the sanctions may have changed during the read
	readFailed bool                 // the last read failed
	pending    []*sanctionRequest   // applied; answered when a later read has updated the Register
	published  []*disconnectRequest // published, but not yet received from the bus
}

// New returns the actor.
func New(deps *Deps) *Moderator { return &Moderator{deps: deps} }

// Receive implements Actor.
func (m *Moderator) Receive(self *process.Process, msg any) {
	switch msg := msg.(type) {
	case process.Started:
		m.onStarted(self)
	case process.Recovered:
		m.onRecovered()
	case process.Stopped:
		m.onStopped()
	case *pollTick:
		m.onPollTick()
	case *sanctionApplied:
		m.onSanctionApplied(msg)
	case *sanctionsResult:
		m.onSanctionsResult(msg)
	case *disconnectRequest:
		m.onDisconnectRequest(msg)
	case *disconnectTimeoutTick:
		m.onDisconnectTimeout(msg)
	case *chat.Control:
		m.onControl(msg)
	default:
		self.Unknown(msg)
	}
}

func (m *Moderator) onStarted(self *process.Process) {
	m.self = self
	m.onPollTick()
}

// onRecovered reads again, because the panic may have cost the result of a read.
func (m *Moderator) onRecovered() {
	m.reading = false
	m.onPollTick()
}

func (m *Moderator) onStopped() { m.poll.Stop() }

func (m *Moderator) onPollTick() {
	m.poll.Reset(m.self, PollInterval, &pollTick{})
	if !m.reading {
		m.readSanctions()
	}
}

// onControl handles an order from the bus, from this or another node. Other values of Op are from a newer version.
func (m *Moderator) onControl(c *chat.Control) {
	switch c.Op {
	case chat.ControlDisconnect:
		m.deps.Directory.Post(*c)
		m.onDisconnectReceived(*c)
	case chat.ControlSanctions:
		m.readSanctions()
	}
}

// readSanctions requests the changed sanctions; one read is in progress at a time. Without a port, or while Redis is
// unavailable, the known sanctions stay in force.
func (m *Moderator) readSanctions() {
	switch {
	case m.reading:
		m.readAgain = true
	case m.deps.Port == nil || m.deps.Link.Degraded():
		m.finishPending()
	default:
		m.reading = true
		m.deps.Store.Post(&sanctionsRequest{m.version, m.deps.Port, m.self})
	}
}

func (m *Moderator) onSanctionsResult(r *sanctionsResult) {
	m.reading = false
	if r.err != nil && !m.readFailed {
		m.deps.System.Log.Warn().Err(r.err).Msg("sanctions refresh failed")
	}
	m.readFailed = r.err != nil
	if r.err == nil && r.changed {
		m.adopt(r)
	}
	if m.readAgain {
		m.readAgain = false
		m.readSanctions()
		return
	}
	m.finishPending()
}

// adopt first updates the Register, and then disconnects the users with new bans. A user that connects in between is
// rejected by session.Admit.
func (m *Moderator) adopt(r *sanctionsResult) {
	m.version = r.version
	view := newView(r.list)
	old := m.deps.Register.current.Swap(view)
	for _, ban := range view.newBans(old) {
		m.deps.Directory.Post(chat.Control{Op: chat.ControlDisconnect, UserID: ban.Subject, Reason: banReason(&ban)})
	}
}

// onSanctionApplied signals the change to the other nodes; a node that misses the signal polls. The request is answered
// when this node enforces the sanction.
func (m *Moderator) onSanctionApplied(a *sanctionApplied) {
	r := a.request
	if r.err != nil {
		r.finish()
		return
	}
	m.pending = append(m.pending, r)
	_ = m.deps.Publisher.TryPost(chat.Signal{Control: &chat.Control{Op: chat.ControlSanctions}})
	m.readSanctions()
}

func (m *Moderator) finishPending() {
	for _, r := range m.pending {
		r.finish()
	}
	m.pending = process.DropAll(m.pending)
}
