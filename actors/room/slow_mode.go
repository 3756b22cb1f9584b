package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// slowModeTimes contains the last message of each user, on any node, while the room is in slow mode; else it is nil.
// A user may write one message per window, with any number of connections.
type slowModeTimes map[string]lastMessage

// lastMessage is the newest message of a user.
type lastMessage struct {
	id     string
	sentAt time.Time
}

const (
	slowModeSweep = 1024        // number of users at whose multiples expired entries are removed
	retryWindow   = time.Minute // a write with the same key is a retry, not a second message, for this time
)

// wait returns the time until the user may write the entry with the id; 0: now. A retry of the newest message does
// not wait.
func (t slowModeTimes) wait(user, id string, window time.Duration, now time.Time) time.Duration {
	last, ok := t[user]
	age := now.Sub(last.sentAt)
	if !ok || age < retryWindow && chat.WritePart(last.id) == chat.WritePart(id) {
		return 0
	}
	return max(0, window-age)
}

// add records a message.
func (t slowModeTimes) add(user, id string, window time.Duration, now time.Time) {
	if len(t) > 0 && len(t)%slowModeSweep == 0 {
		for u, last := range t {
			if now.Sub(last.sentAt) >= window {
				delete(t, u)
			}
		}
	}
	t[user] = lastMessage{id, now}
}

// refund removes a message that was not stored.
func (t slowModeTimes) refund(user, id string) {
	if t[user].id == id {
		delete(t, user)
	}
}

// slowModeWait returns the time until the client may write, and the window of the slow mode; 0: no wait, no slow
// mode. Admins, the API, edits and deletions do not wait.
func (r *Room) slowModeWait(m *WriteRequest, w *chat.Write) (wait, window time.Duration) {
	window = r.deps.Sanctions.SlowMode(r.name)
	if window == 0 {
		r.slowMode = nil
		return 0, 0
	}
	now := time.Now()
	if r.slowMode == nil {
		r.rebuildSlowMode(now)
	}
	if m.Client == nil || m.Author.Admin || w.Kind != chat.EntryMessage {
		return 0, window
	}
	if wait = r.slowMode.wait(w.Author.ID, w.ID, window, now); wait == 0 {
		r.slowMode.add(w.Author.ID, w.ID, window, now)
	}
	return wait, window
}

// rebuildSlowMode records the cached messages, because the slow mode or the room is new.
func (r *Room) rebuildSlowMode(now time.Time) {
	r.slowMode = slowModeTimes{}
	clock := r.deps.Clock.LogClock(now)
	for _, m := range r.timeline.Tail(r.deps.Config.Recent) {
		age := time.Duration(max(0, clock-m.At)) * time.Millisecond
		r.slowMode[m.UserID] = lastMessage{m.ID, now.Add(-age)}
	}
}

// noteSlowMode records a displayed message, which another node may have accepted.
func (r *Room) noteSlowMode(e *chat.Entry) {
	if r.slowMode == nil || e.Kind != chat.EntryMessage || r.slowMode[e.Message.UserID].id == e.ID {
		return
	}
	if window := r.deps.Sanctions.SlowMode(r.name); window > 0 {
		r.slowMode.add(e.Message.UserID, e.ID, window, time.Now())
	}
}

// throttle answers a write that must wait.
func (r *Room) throttle(m *WriteRequest, wait, window time.Duration) {
	r.deps.Stats.Throttled.Add(1)
	m.Client.Answer(fanout.Seal(wire.AppendThrottled(fanout.Begin(), &wire.Throttled{
		ID: m.Cmd.ID, Room: r.name, RetryAfterMs: max(1, wait.Milliseconds()), WindowMs: window.Milliseconds(), Limit: 1,
	})))
}
