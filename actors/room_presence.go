package actors

import (
	"bytes"
	"time"

	"chatnode/actors/wire"
)

// presentNews is what a room tells its members of who is here: the newest counts, at most once in a debounce,
// however many nodes announce theirs, and nothing that they have been told already.
type presentNews struct {
	frame []byte    // the newest, also for those who come after it
	told  time.Time // when the members were last told
	owed  bool      // presentDue is on its way
}

// presence takes up the counts that a node has announced.
func (r *room) presence(c wire.Counts) {
	frame := seal(wire.AppendPresence(begin(), r.name, c, !r.core.degraded()))
	if bytes.Equal(frame, r.present.frame) {
		return
	}
	r.present.frame = frame
	if wait := presenceDebounce(r.core.set, len(r.members)) - time.Since(r.present.told); wait > 0 {
		if !r.present.owed {
			r.present.owed = true
			r.self.After(wait, presentDue{})
		}
		return
	}
	r.tellPresence()
}

// tellPresence tells the members the newest counts.
func (r *room) tellPresence() {
	r.present.owed, r.present.told = false, time.Now()
	r.broadcast(r.present.frame)
}

// presenceDebounce is how long changes of who is in a room wait for others: longer where very many are told.
func presenceDebounce(set *Settings, users int) time.Duration {
	return set.PresenceDebounce * time.Duration(min(1+users/hugeRoom, maxDebounce))
}
