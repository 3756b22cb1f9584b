package room

import (
	"bytes"
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// presenceNotice is the newest frame with the counts of the users present, and when the members got it. The members
// get at most one notice per debounce interval, however many nodes announce counts, and no notice twice.
//
// The cost of a notice is mainly one write per member. So it is sent together with the next broadcast after the
// debounce interval. In a room without other broadcasts it is sent after idlePresenceInterval.
type presenceNotice struct {
	frame     []byte    // nil: no counts yet
	localOnly bool      // the frame counts the users of this node only
	sentAt    time.Time // when the members got the last notice
	due       bool      // the members do not have the frame
	tickArmed bool      // a presenceTick is pending
}

const (
	// idlePresenceRoom is the number of members from which on idlePresenceInterval exceeds the debounce interval.
	idlePresenceRoom = 300

	maxIdleDebounces = 60 // limit of idlePresenceInterval, in debounce intervals
)

// idlePresenceInterval returns the interval between notices in a room without other broadcasts. Up to 18,000 members
// on this node, it limits the notices to 600 writes per second, about 1 % of a core. It does not grow further with
// more members.
func idlePresenceInterval(debounce time.Duration, members int) time.Duration {
	return debounce * time.Duration(min(1+members/idlePresenceRoom, maxIdleDebounces))
}

// update sets a new frame. It returns changed = false if the members have or will get the same frame, and modeChanged
// = true if localOnly changed.
func (p *presenceNotice) update(frame []byte, localOnly bool) (changed, modeChanged bool) {
	if bytes.Equal(frame, p.frame) {
		return false, false
	}
	modeChanged = localOnly != p.localOnly
	p.frame, p.localOnly, p.due = frame, localOnly, true
	return true, modeChanged
}

// take returns the frame for sending.
func (p *presenceNotice) take(now time.Time) []byte {
	p.due, p.sentAt = false, now
	return p.frame
}

// takeIfDue returns the frame if the members do not have it and the last notice is older than the interval; nil: do
// not send one.
func (p *presenceNotice) takeIfDue(interval time.Duration, now time.Time) []byte {
	if !p.due || now.Sub(p.sentAt) < interval {
		return nil
	}
	return p.take(now)
}

// onCounts handles the counts that a node has announced. A change between exact and local counts is sent at once.
func (r *Room) onCounts(c wire.Counts) {
	localOnly := r.deps.Health.Degraded()
	changed, modeChanged := r.presence.update(fanout.Seal(wire.AppendPresence(fanout.Begin(), r.name, c, !localOnly)), localOnly)
	switch {
	case modeChanged:
		r.sendPresence()
	case changed:
		r.schedulePresence()
	}
}

// schedulePresence sends the notice, now or when idlePresenceInterval has passed since the last one. A broadcast may
// send it earlier.
func (r *Room) schedulePresence() {
	if !r.presence.due || r.presence.tickArmed {
		return
	}
	wait := idlePresenceInterval(r.deps.Config.PresenceDebounce, r.members.size()) - time.Since(r.presence.sentAt)
	if wait <= 0 {
		r.sendPresence()
		return
	}
	r.presence.tickArmed = true
	r.self.PostAfter(wait, &presenceTick{})
}

func (r *Room) onPresenceTick() {
	r.presence.tickArmed = false
	r.schedulePresence()
}

func (r *Room) sendPresence() { r.broadcast(r.presence.take(time.Now())) }

// duePresence returns the notice to send together with a broadcast; nil: none.
func (r *Room) duePresence(now time.Time) []byte {
	return r.presence.takeIfDue(presence.Debounce(r.deps.Config.PresenceDebounce, r.members.size()), now)
}
