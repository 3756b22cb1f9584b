package room

import (
	"bytes"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// presenceNotice is what a room tells its members of who is here: the newest counts, also for those who come
// after it, at most once in a debounce, however many nodes announce theirs, and nothing that they have been
// told already.
//
// Nearly all that it costs is a write for each member. So it goes along with what else the members are told,
// as soon as the debounce is over; and where nothing is told, a huge room's is written by itself less often.
type presenceNotice struct {
	frame     []byte
	localOnly bool      // the frame counts only this node's users
	sentAt    time.Time // when the members were last told
	due       bool      // they have not been told the newest
	timed     bool      // presentDue is on its way
}

const (
	IdlePresenceRoom = 300 // members from which on news that is written by itself waits longer than a debounce
	lonelyPause      = 60  // times PRESENCE_DEBOUNCE, at most
)

// onCounts takes up the counts that a node has announced. That they have become exact, or are not any more,
// waits for nothing.
func (r *Room) onCounts(c wire.Counts) {
	p, alone := &r.presenceNotice, r.core.Link.Degraded()
	frame := fanout.Seal(wire.AppendPresence(fanout.Begin(), r.name, c, !alone))
	if bytes.Equal(frame, p.frame) {
		return
	}
	turned := alone != p.localOnly
	p.frame, p.localOnly, p.due = frame, alone, true
	if turned {
		r.tellPresence()
		return
	}
	r.schedulePresence()
}

// schedulePresence tells the members what they are owed, now or once the pause since the last time is over: until
// then it may have gone along with something else.
func (r *Room) schedulePresence() {
	p := &r.presenceNotice
	if !p.due || p.timed {
		return
	}
	wait := IdlePresenceInterval(r.core.Set, len(r.members)) - time.Since(p.sentAt)
	if wait <= 0 {
		r.tellPresence()
		return
	}
	p.timed = true
	r.Self.PostAfter(wait, presenceTick{})
}

// tellPresence tells the members the newest counts.
func (r *Room) tellPresence() {
	r.presenceNotice.due, r.presenceNotice.sentAt = false, time.Now()
	r.broadcast(r.presenceNotice.frame)
}

// presentNow is what the members are owed, for them to have it along with what they are told now; nil where it
// is not due yet.
func (r *Room) presentNow(now time.Time) []byte {
	p := &r.presenceNotice
	if !p.due || now.Sub(p.sentAt) < presence.Debounce(r.core.Set.PresenceDebounce, len(r.members)) {
		return nil
	}
	p.due, p.sentAt = false, now
	return p.frame
}

// IdlePresenceInterval is the same for what is written by itself. Up to 18,000 members on this node it comes to 600 writes
// a second, about a hundredth of a core; more wait no longer.
func IdlePresenceInterval(set *chat.Settings, members int) time.Duration {
	return set.PresenceDebounce * time.Duration(min(1+members/IdlePresenceRoom, lonelyPause))
}
