package presence

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// presence tracks who is here. Rooms tell it of sessions that come and go; after the debounce one
// script writes what has changed and counts, and the counts go to all nodes as a signal.
type Presence struct {
	Core  *Deps
	self  *process.Process
	State *presenceState
	alone bool // the link is lost: the counts are this node's own
	held  bool // the node goes down: who leaves is about to come back elsewhere

	Rosters  map[string]*Roster // being read, or kept for a moment
	Names    NameBook           // of users of other nodes
	nameless []*namelessPage    // parts of rosters that wait for names
	renewal  process.Tick
}

const (
	PresenceBound = 65536
	renewPage     = 1000 // leases renewed in one call
	hugeRoom      = 1000 // users from which on the debounce grows with the room
	maxDebounce   = 10   // times PRESENCE_DEBOUNCE
	leaseShare    = 3    // leases are renewed so many times in PRESENCE_TIMEOUT
)

// Receive implements Actor.
func (p *Presence) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		p.self = self
		p.renewLater()
	case process.Recovered:
		p.recovered()
	case here:
		p.arm(m.room, p.State.enter(m.room, m.user, m.role))
	case Away:
		p.arm(m.Room, p.State.exit(m.Room, m.UserID, m.Role))
	case settleRoom:
		p.settle(m.room)
	case applied:
		p.applied(m)
	case chat.Signal:
		p.signal(m)
	case HoldPresence:
		p.held = true
	case link.Changed:
		p.linkChanged(m)
	case renew:
		p.renew()
	case *AskWho:
		p.who(m)
	case rosterRead:
		p.rosterRead(m)
	case rosterStale:
		if p.Rosters[m.room] == m.roster {
			delete(p.Rosters, m.room)
		}
	case namesDue:
		p.giveUpNames(m)
	case Farewell:
		p.farewell(m)
	case presenceCall:
		m.ask(p)
	}
}

// signal is what the bus brings about who is here.
func (p *Presence) signal(m chat.Signal) {
	switch {
	case m.Presence != nil: // the counts that all nodes were told
		p.State.heard(m.Room, *m.Presence)
	case m.Who != nil: // another node asks for the names that this one knows
		p.tellNames(m)
	case m.Names != nil: // a node has told some
		p.learnNames(m)
	}
}

// arm starts the debounce of a room: longer for a huge one, where every frame goes to very many.
func (p *Presence) arm(room string, arm bool) {
	if !arm {
		return
	}
	p.self.After(PresenceDebounce(p.Core.Set, p.State.size(room)), settleRoom{room})
}

func (p *Presence) settle(room string) {
	if p.alone {
		p.State.disarm(room)
		p.tellAlone(room)
		return
	}
	if p.held {
		p.State.disarm(room)
		return
	}
	if c, ok := p.State.changes(room); ok {
		p.Core.Store.Post(&applyPresence{changes: []chat.PresenceChange{c}, reply: p.self})
	}
}

func (p *Presence) applied(m applied) {
	if m.err == nil {
		p.compare(m)
		return
	}
	for _, c := range m.changes {
		if c.Notify { // a lease that was not renewed is renewed at the next turn
			p.arm(c.Room, p.State.failed(c))
		}
	}
}

// compare looks whether renewing the leases has shown other counts than all were told: keys that were
// deleted have been rebuilt, or the users of a dead node have gone. Then all are told.
func (p *Presence) compare(m applied) {
	for i, c := range m.changes {
		if !c.Notify && p.State.stale(c.Room, m.counts[i]) {
			p.Core.Store.Post(&applyPresence{changes: []chat.PresenceChange{{Room: c.Room, Notify: true}}, reply: p.self})
		}
	}
}

// linkChanged counts alone while the link is lost, and tells the store everything once it is back: it
// may have lost what it knew.
func (p *Presence) linkChanged(m link.Changed) {
	p.alone = m.Degraded
	for _, room := range p.State.names() {
		if p.alone {
			p.tellAlone(room)
		} else if p.State.forget(room) {
			p.arm(room, true)
		}
	}
}

// tellAlone tells a room's members here who is on this node.
func (p *Presence) tellAlone(room string) {
	counts := p.State.counts(room)
	p.Core.In.Post(chat.Signal{Room: room, Presence: &counts})
}

func (p *Presence) renew() {
	p.renewLater()
	if p.alone {
		return
	}
	for _, page := range p.State.renewals(renewPage) {
		p.Core.Store.Post(&applyPresence{changes: page, reply: p.self})
	}
}

func (p *Presence) renewLater() {
	p.renewal.Again(p.self, p.Core.Set.PresenceTimeout/leaseShare, renew{})
}

// recovered puts right what a panic may have cost: the tick of the leases, the end of a debounce, the answer of the
// store. So all is told anew, and who waits for a roster waits no longer.
func (p *Presence) recovered() {
	p.renewLater()
	for _, room := range p.State.names() {
		if p.State.disarm(room); p.State.forget(room) {
			p.arm(room, true)
		}
	}
	for room, r := range p.Rosters {
		if r.reading {
			p.rosterRead(rosterRead{room: room, err: process.ErrPanicked})
		}
	}
	for len(p.nameless) > 0 {
		p.giveUpNames(namesDue{p.nameless[0]})
	}
}

// farewell takes all local users away and tells when the store has been told.
func (p *Presence) farewell(m Farewell) {
	if changes := p.State.everyone(); len(changes) > 0 {
		p.Core.Store.Post(&applyPresence{changes: changes, reply: p.self})
	}
	p.Core.Store.Post(store.Confirmed{Done: m.Done})
}

// presenceDebounce is how long changes of who is in a room wait for others: longer where very many are told.
func PresenceDebounce(set *chat.Settings, users int) time.Duration {
	return set.PresenceDebounce * time.Duration(min(1+users/hugeRoom, maxDebounce))
}
