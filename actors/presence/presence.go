package presence

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// Presence tracks who is here. Rooms tell it of sessions that come and go; after the debounce one
// script writes what has changed and counts, and the counts go to all nodes as a signal.
type Presence struct {
	Core      *Deps
	self      *process.Process
	State     *presenceState
	localOnly bool // the link is lost: the counts are this node's own
	frozen    bool // the node goes down: who leaves is about to come back elsewhere

	Rosters  map[string]*CachedRoster // being read, or kept for a moment
	Names    NameCache                // of users of other nodes
	nameless []*pendingRoster         // parts of rosters that wait for names
	renewal  process.Ticker
}

const (
	renewPage      = 1000 // leases renewed in one call
	largeRoomUsers = 1000 // users from which on the debounce grows with the room
	maxDebounce    = 10   // times PRESENCE_DEBOUNCE
	leaseShare     = 3    // leases are renewed so many times in PRESENCE_TIMEOUT
)

// Receive implements Actor.
func (p *Presence) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		p.self = self
		p.renewLater()
	case process.Recovered:
		p.recovered()
	case userEntered:
		p.arm(m.room, p.State.addSession(m.room, m.user, m.role))
	case UserLeft:
		p.arm(m.Room, p.State.removeSession(m.Room, m.UserID, m.Role))
	case debounceTick:
		p.onDebounceTick(m.room)
	case presenceResult:
		p.onPresenceResult(m)
	case chat.Signal:
		p.signal(m)
	case FreezePresence:
		p.frozen = true
	case *link.StateChanged:
		p.onLinkChanged(m)
	case leaseTick:
		p.onLeaseTick()
	case *RosterRequest:
		p.onRosterRequest(m)
	case rosterResult:
		p.onRosterResult(m)
	case rosterExpiredTick:
		if p.Rosters[m.room] == m.roster {
			delete(p.Rosters, m.room)
		}
	case namesTimeoutTick:
		p.onNamesTimeout(m)
	case ClearPresence:
		p.onClearPresence(m)
	case presenceQuery:
		m.ask(p)
	}
}

// signal is what the bus brings about who is here.
func (p *Presence) signal(m chat.Signal) {
	switch {
	case m.Presence != nil: // the counts that all nodes were told
		p.State.setCounts(m.Room, *m.Presence)
	case m.NamesRequest != nil: // another node asks for the names that this one knows
		p.onNamesRequest(m)
	case m.NamesReply != nil: // a node has told some
		p.onNamesReply(m)
	}
}

// arm starts the debounce of a room: longer for a huge one, where every frame goes to very many.
func (p *Presence) arm(room string, arm bool) {
	if !arm {
		return
	}
	p.self.PostAfter(PresenceDebounce(p.Core.Set.PresenceDebounce, p.State.size(room)), debounceTick{room})
}

func (p *Presence) onDebounceTick(room string) {
	if p.localOnly {
		p.State.disarm(room)
		p.publishLocal(room)
		return
	}
	if p.frozen {
		p.State.disarm(room)
		return
	}
	if c, ok := p.State.changes(room); ok {
		p.Core.Store.Post(&presenceUpdate{changes: []chat.PresenceChange{c}, reply: p.self})
	}
}

func (p *Presence) onPresenceResult(m presenceResult) {
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
func (p *Presence) compare(m presenceResult) {
	for i, c := range m.changes {
		if !c.Notify && p.State.stale(c.Room, m.counts[i]) {
			p.Core.Store.Post(&presenceUpdate{changes: []chat.PresenceChange{{Room: c.Room, Notify: true}}, reply: p.self})
		}
	}
}

// onLinkChanged counts alone while the link is lost, and tells the store everything once it is back: it
// may have lost what it knew.
func (p *Presence) onLinkChanged(m *link.StateChanged) {
	p.localOnly = m.Degraded
	for _, room := range p.State.names() {
		if p.localOnly {
			p.publishLocal(room)
		} else if p.State.markAllDirty(room) {
			p.arm(room, true)
		}
	}
}

// publishLocal tells a room's members here who is on this node.
func (p *Presence) publishLocal(room string) {
	counts := p.State.counts(room)
	p.Core.In.Post(chat.Signal{Room: room, Presence: &counts})
}

func (p *Presence) onLeaseTick() {
	p.renewLater()
	if p.localOnly {
		return
	}
	for _, page := range p.State.renewals(renewPage) {
		p.Core.Store.Post(&presenceUpdate{changes: page, reply: p.self})
	}
}

func (p *Presence) renewLater() {
	p.renewal.Reset(p.self, p.Core.Set.PresenceTimeout/leaseShare, leaseTick{})
}

// recovered puts right what a panic may have cost: the tick of the leases, the end of a debounce, the answer of the
// store. So all is told anew, and who waits for a roster waits no longer.
func (p *Presence) recovered() {
	p.renewLater()
	for _, room := range p.State.names() {
		if p.State.disarm(room); p.State.markAllDirty(room) {
			p.arm(room, true)
		}
	}
	for room, r := range p.Rosters {
		if r.reading {
			p.onRosterResult(rosterResult{room: room, err: process.ErrPanicked})
		}
	}
	for len(p.nameless) > 0 {
		p.onNamesTimeout(namesTimeoutTick{p.nameless[0]})
	}
}

// onClearPresence takes all local users away and tells when the store has been told.
func (p *Presence) onClearPresence(m ClearPresence) {
	if changes := p.State.removeAll(); len(changes) > 0 {
		p.Core.Store.Post(&presenceUpdate{changes: changes, reply: p.self})
	}
	p.Core.Store.Post(&store.BarrierRequest{Done: m.Done})
}

// PresenceDebounce is how long changes of who is in a room wait for others: longer where very many are told.
func PresenceDebounce(debounce time.Duration, users int) time.Duration {
	return debounce * time.Duration(min(1+users/largeRoomUsers, maxDebounce))
}
