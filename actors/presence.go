package actors

import "time"

// presence tracks who is here. Rooms tell it of sessions that come and go; after the debounce one
// script writes what has changed and counts, and the counts go to all nodes as a signal.
type presence struct {
	core  *presenceDeps
	self  *Process
	state *presenceState
	alone bool // the link is lost: the counts are this node's own
	held  bool // the node goes down: who leaves is about to come back elsewhere

	rosters  map[string]*roster // being read, or kept for a moment
	names    nameBook           // of users of other nodes
	nameless []*namelessPage    // parts of rosters that wait for names
	renewal  tick
}

const (
	presenceBound = 65536
	renewPage     = 1000 // leases renewed in one call
	hugeRoom      = 1000 // users from which on the debounce grows with the room
	maxDebounce   = 10   // times PRESENCE_DEBOUNCE
	leaseShare    = 3    // leases are renewed so many times in PRESENCE_TIMEOUT
)

// Receive implements Actor.
func (p *presence) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		p.self = self
		p.renewLater()
	case Recovered:
		p.recovered()
	case here:
		p.arm(m.room, p.state.enter(m.room, m.user, m.role))
	case away:
		p.arm(m.room, p.state.exit(m.room, m.userID, m.role))
	case settleRoom:
		p.settle(m.room)
	case applied:
		p.applied(m)
	case Signal:
		p.signal(m)
	case holdPresence:
		p.held = true
	case linkChanged:
		p.linkChanged(m)
	case renew:
		p.renew()
	case *askWho:
		p.who(m)
	case rosterRead:
		p.rosterRead(m)
	case rosterStale:
		if p.rosters[m.room] == m.roster {
			delete(p.rosters, m.room)
		}
	case namesDue:
		p.giveUpNames(m)
	case farewell:
		p.farewell(m)
	case presenceCall:
		m.ask(p)
	}
}

// signal is what the bus brings about who is here.
func (p *presence) signal(m Signal) {
	switch {
	case m.Presence != nil: // the counts that all nodes were told
		p.state.heard(m.Room, *m.Presence)
	case m.Who != nil: // another node asks for the names that this one knows
		p.tellNames(m)
	case m.Names != nil: // a node has told some
		p.learnNames(m)
	}
}

// arm starts the debounce of a room: longer for a huge one, where every frame goes to very many.
func (p *presence) arm(room string, arm bool) {
	if !arm {
		return
	}
	p.self.After(presenceDebounce(p.core.set, p.state.size(room)), settleRoom{room})
}

func (p *presence) settle(room string) {
	if p.alone {
		p.state.disarm(room)
		p.tellAlone(room)
		return
	}
	if p.held {
		p.state.disarm(room)
		return
	}
	if c, ok := p.state.changes(room); ok {
		p.core.store.Post(&applyPresence{changes: []PresenceChange{c}, reply: p.self})
	}
}

func (p *presence) applied(m applied) {
	if m.err == nil {
		p.compare(m)
		return
	}
	for _, c := range m.changes {
		if c.Notify { // a lease that was not renewed is renewed at the next turn
			p.arm(c.Room, p.state.failed(c))
		}
	}
}

// compare looks whether renewing the leases has shown other counts than all were told: keys that were
// deleted have been rebuilt, or the users of a dead node have gone. Then all are told.
func (p *presence) compare(m applied) {
	for i, c := range m.changes {
		if !c.Notify && p.state.stale(c.Room, m.counts[i]) {
			p.core.store.Post(&applyPresence{changes: []PresenceChange{{Room: c.Room, Notify: true}}, reply: p.self})
		}
	}
}

// linkChanged counts alone while the link is lost, and tells the store everything once it is back: it
// may have lost what it knew.
func (p *presence) linkChanged(m linkChanged) {
	p.alone = m.degraded
	for _, room := range p.state.names() {
		if p.alone {
			p.tellAlone(room)
		} else if p.state.forget(room) {
			p.arm(room, true)
		}
	}
}

// tellAlone tells a room's members here who is on this node.
func (p *presence) tellAlone(room string) {
	counts := p.state.counts(room)
	p.core.in.Post(Signal{Room: room, Presence: &counts})
}

func (p *presence) renew() {
	p.renewLater()
	if p.alone {
		return
	}
	for _, page := range p.state.renewals(renewPage) {
		p.core.store.Post(&applyPresence{changes: page, reply: p.self})
	}
}

func (p *presence) renewLater() {
	p.renewal.again(p.self, p.core.set.PresenceTimeout/leaseShare, renew{})
}

// recovered puts right what a panic may have cost: the tick of the leases, the end of a debounce, the answer of the
// store. So all is told anew, and who waits for a roster waits no longer.
func (p *presence) recovered() {
	p.renewLater()
	for _, room := range p.state.names() {
		if p.state.disarm(room); p.state.forget(room) {
			p.arm(room, true)
		}
	}
	for room, r := range p.rosters {
		if r.reading {
			p.rosterRead(rosterRead{room: room, err: errPanicked})
		}
	}
	for len(p.nameless) > 0 {
		p.giveUpNames(namesDue{p.nameless[0]})
	}
}

// farewell takes all local users away and tells when the store has been told.
func (p *presence) farewell(m farewell) {
	if changes := p.state.everyone(); len(changes) > 0 {
		p.core.store.Post(&applyPresence{changes: changes, reply: p.self})
	}
	p.core.store.Post(confirmed{m.done})
}

// presenceDebounce is how long changes of who is in a room wait for others: longer where very many are told.
func presenceDebounce(set *Settings, users int) time.Duration {
	return set.PresenceDebounce * time.Duration(min(1+users/hugeRoom, maxDebounce))
}
