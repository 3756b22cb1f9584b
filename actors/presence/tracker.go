package presence

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// Tracker knows the local users of each room. Rooms report the sessions that enter and leave. After the debounce, one
// script of the store writes the changes of a room, counts its users on all nodes, and publishes the counts.
//
// While Redis is unavailable, the members of a room see the users of this node only. All local users are written again
// after the recovery, because the store may have lost them.
type Tracker struct {
	deps      *Deps
	self      *process.Process
	state     *state
	localOnly bool // Redis is unavailable
	frozen    bool // the node is draining
	leases    process.Ticker

	rosters map[string]*cachedRoster // by room; being read, or cached for RosterTTL
	names   nameCache                // of users of other nodes
	pending []*pendingRoster         // pages that wait for names
}

const (
	leasesPerUpdate      = 1000 // users in one call of the store
	largeRoomUsers       = 1000 // users for which the debounce grows by its base value
	maxDebounceFactor    = 10
	renewalsPerLeaseTime = 3 // a lease is renewed three times before it ends
)

// New returns the actor.
func New(deps *Deps) *Tracker {
	return &Tracker{deps: deps, state: newState(), rosters: map[string]*cachedRoster{}, names: nameCache{maxNames: maxNames}}
}

// Receive implements Actor.
func (t *Tracker) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		t.onStarted(self)
	case process.Recovered:
		t.onRecovered()
	case UserEntered:
		t.onUserEntered(m)
	case UserLeft:
		t.onUserLeft(m)
	case debounceTick:
		t.onDebounceTick(m)
	case updateResult:
		t.onUpdateResult(m)
	case leaseTick:
		t.onLeaseTick()
	case chat.Signal:
		t.onSignal(m)
	case *link.StateChanged:
		t.onLinkChanged(m)
	case RosterRequest:
		t.onRosterRequest(m)
	case rosterReadResult:
		t.onRosterReadResult(m)
	case rosterExpiredTick:
		t.onRosterExpired(m)
	case namesTimeoutTick:
		t.onNamesTimeout(m)
	case roomsRequest:
		t.onRoomsRequest(m)
	case rosterPageRequest:
		t.onRosterPageRequest(m)
	case pageReadResult:
		t.onPageReadResult(m)
	case FreezePresence:
		t.onFreezePresence()
	case ClearPresence:
		t.onClearPresence(m)
	default:
		self.Unknown(msg)
	}
}

func (t *Tracker) onStarted(self *process.Process) {
	t.self = self
	t.resetLeases()
}

// onRecovered repairs the losses of a panic, such as a tick or a result of the store. It writes all users again, and
// answers all requests that wait for a roster or for names.
func (t *Tracker) onRecovered() {
	t.resetLeases()
	for _, room := range t.state.roomNames() {
		if t.state.endDebounce(room); t.state.markAllDirty(room) {
			t.startDebounce(room)
		}
	}
	for room, r := range t.rosters {
		if r.reading {
			t.onRosterReadResult(rosterReadResult{room: room, err: process.ErrPanicked})
		}
	}
	for len(t.pending) > 0 {
		t.onNamesTimeout(namesTimeoutTick{t.pending[0]})
	}
}

func (t *Tracker) onUserEntered(m UserEntered) {
	if t.state.addSession(m.room, m.user, m.role) {
		t.startDebounce(m.room)
	}
}

func (t *Tracker) onUserLeft(m UserLeft) {
	if t.state.removeSession(m.Room, m.UserID, m.Role) {
		t.startDebounce(m.Room)
	}
}

func (t *Tracker) startDebounce(room string) {
	t.self.PostAfter(Debounce(t.deps.Config.Debounce, t.state.size(room)), debounceTick{room})
}

// Debounce returns the time for which changes of a room are collected: base for each 1000 users, at most ten times
// base. It is longer for a large room, because every presence frame goes to all members.
func Debounce(base time.Duration, users int) time.Duration {
	return base * time.Duration(min(1+users/largeRoomUsers, maxDebounceFactor))
}

func (t *Tracker) onDebounceTick(m debounceTick) {
	if t.localOnly {
		t.state.endDebounce(m.room)
		t.publishLocal(m.room)
		return
	}
	if t.frozen {
		t.state.endDebounce(m.room)
		return
	}
	if c, ok := t.state.takeChanges(m.room); ok {
		t.update(c)
	}
}

func (t *Tracker) update(changes ...chat.PresenceChange) {
	t.deps.Store.Post(&updateRequest{changes: changes, reply: t.self})
}

func (t *Tracker) onUpdateResult(m updateResult) {
	if m.err == nil {
		t.publishStale(m)
		return
	}
	for _, c := range m.changes {
		if c.Notify && t.state.markFailed(c) { // without Notify it is a renewal, which the next leaseTick repeats
			t.startDebounce(c.Room)
		}
	}
}

// publishStale publishes the counts of a room if the renewal of leases has returned other counts than the last ones
// published. The cause is a node whose leases have ended, or keys that were deleted and are restored.
func (t *Tracker) publishStale(m updateResult) {
	for i, c := range m.changes {
		if !c.Notify && t.state.isStale(c.Room, m.counts[i]) {
			t.update(chat.PresenceChange{Room: c.Room, Notify: true})
		}
	}
}

func (t *Tracker) onLeaseTick() {
	t.resetLeases()
	if t.localOnly {
		return
	}
	for _, changes := range t.state.renewals(leasesPerUpdate) {
		t.update(changes...)
	}
}

func (t *Tracker) resetLeases() {
	t.leases.Reset(t.self, t.deps.Config.Timeout/renewalsPerLeaseTime, leaseTick{})
}

// onSignal handles the signals of the bus that concern presence.
func (t *Tracker) onSignal(m chat.Signal) {
	switch {
	case m.Presence != nil:
		t.state.setCounts(m.Room, *m.Presence)
	case m.NamesRequest != nil:
		t.onNamesRequest(m)
	case m.NamesReply != nil:
		t.onNamesReply(m)
	}
}

// onLinkChanged publishes local counts if Redis is lost. If it is available again, all users are written.
func (t *Tracker) onLinkChanged(m *link.StateChanged) {
	t.localOnly = m.Degraded
	for _, room := range t.state.roomNames() {
		if t.localOnly {
			t.publishLocal(room)
		} else if t.state.markAllDirty(room) {
			t.startDebounce(room)
		}
	}
}

// publishLocal sends the counts of this node to the local members of a room.
func (t *Tracker) publishLocal(room string) {
	counts := t.state.counts(room)
	t.deps.Dispatcher.Post(chat.Signal{Room: room, Presence: &counts})
}

func (t *Tracker) onFreezePresence() { t.frozen = true }

func (t *Tracker) onClearPresence(m ClearPresence) {
	if changes := t.state.removeAll(); len(changes) > 0 {
		t.update(changes...)
	}
	t.deps.Store.Post(&store.BarrierRequest{Done: m.Done})
}
