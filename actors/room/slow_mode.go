package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// slowModeTimes is when the users of a room in slow mode have written last, on any node; nil where the room is
// in no slow mode. A user may write one message in the mode's window, whatever the number of sockets.
type slowModeTimes map[string]lastMessage

// lastMessage is a user's newest message.
type lastMessage struct {
	id string
	at time.Time
}

// paceSweep is the number of users from which on those are forgotten that may write again.
const paceSweep = 1024

// retryWithin is how long a write may be tried again without being taken for a second message.
const retryWithin = time.Minute

// wait is how long the user has to wait until the entry of that id may be written: not at all where it is
// the newest one once more.
func (p slowModeTimes) wait(user, id string, window time.Duration, now time.Time) time.Duration {
	last, ok := p[user]
	since := now.Sub(last.at)
	if !ok || since < retryWithin && chat.WritePart(last.id) == chat.WritePart(id) {
		return 0
	}
	return max(0, window-since)
}

// note records a message.
func (p slowModeTimes) note(user, id string, window time.Duration, now time.Time) {
	if len(p) > 0 && len(p)%paceSweep == 0 {
		for u, last := range p {
			if now.Sub(last.at) >= window {
				delete(p, u)
			}
		}
	}
	p[user] = lastMessage{id, now}
}

// refund takes back a message that was not stored.
func (p slowModeTimes) refund(user, id string) {
	if p[user].id == id {
		delete(p, user)
	}
}

// slowModeWait says how long a client has to wait until its write may be taken, 0: not at all, and in which
// window. Admins and the API do not wait; edits and deletions are free.
func (r *Room) slowModeWait(m *WriteRequest, w *chat.Write) (wait, window time.Duration) {
	window = r.core.Sanctioned.SlowMode(r.name)
	if window == 0 {
		r.pace = nil
		return 0, 0
	}
	now := time.Now()
	if r.pace == nil {
		r.rebuildSlowMode(now)
	}
	if m.Client == nil || m.Author.Admin || w.Kind != chat.EntryMessage {
		return 0, window
	}
	if wait = r.pace.wait(w.Author.ID, w.ID, window, now); wait == 0 {
		r.pace.note(w.Author.ID, w.ID, window, now)
	}
	return wait, window
}

// rebuildSlowMode takes from the recent messages who has written when: the mode is new, or the room is.
func (r *Room) rebuildSlowMode(now time.Time) {
	r.pace = slowModeTimes{}
	clock := r.core.Clock.LogClock(now)
	for _, m := range r.state.Tail(r.core.Set.Recent) {
		ago := time.Duration(max(0, clock-m.At)) * time.Millisecond
		r.pace[m.UserID] = lastMessage{m.ID, now.Add(-ago)}
	}
}

// noteSlowMode records what was shown, which may have come by another node.
func (r *Room) noteSlowMode(e *chat.Entry) {
	if r.pace == nil || e.Kind != chat.EntryMessage || r.pace[e.Message.UserID].id == e.ID {
		return
	}
	if window := r.core.Sanctioned.SlowMode(r.name); window > 0 {
		r.pace.note(e.Message.UserID, e.ID, window, time.Now())
	}
}

// throttle tells a client to wait.
func (r *Room) throttle(m *WriteRequest, wait, window time.Duration) {
	r.core.Stats.Throttled.Add(1)
	m.Client.Answer(fanout.Seal(wire.AppendThrottled(fanout.Begin(), &wire.Throttled{
		ID: m.Cmd.ID, Room: r.name, RetryAfterMs: max(1, wait.Milliseconds()), WindowMs: window.Milliseconds(), Limit: 1,
	})))
}
