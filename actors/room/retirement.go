package room

import (
	"time"

	"chatnode/actors/process"
)

// MaxRoomsBeforeEvict is the number of rooms above which an empty room retires without a delay. Otherwise a client
// that joins and leaves one room after another would fill the memory with rooms that wait for RoomIdle.
const MaxRoomsBeforeEvict = 4096

// retirement decides when an empty room ends. The room asks the directory, which confirms unless it has forwarded a
// message that the room has not received.
type retirement struct {
	requested  bool      // the directory was asked
	emptySince time.Time // when the last member left
	routed     uint64    // messages received through the directory
	inflight   int       // appends without a result
	ticker     process.Ticker
}

func (t *retirement) idle() bool { return t.inflight == 0 }

// onIdleTick retires the room if it was idle for RoomIdle. Otherwise it checks the log for entries that were not
// delivered: if the bus loses the last entry of a room, nothing else reveals it.
func (r *Room) onIdleTick() {
	r.retirement.requested = false
	if r.isIdle() && time.Since(r.retirement.emptySince) >= r.deps.Config.RoomIdle {
		r.requestRetire()
		return
	}
	if r.deps.Config.Distributed && r.reader.open && !r.deps.Health.LogUnavailable() {
		r.timeline.Refresh()
		r.applyEffects()
	}
	r.resetIdleTick()
}

// isIdle reports whether the room has no members, no waiting requests and no pending results.
func (r *Room) isIdle() bool {
	return r.members.idle() && r.joins.idle() && r.reader.idle() && r.retirement.idle() && r.acks.idle() && r.provisional.idle()
}

// requestRetire asks the directory to remove the room. It answers with retireRoom, or with idleTick if the room is in
// use again.
func (r *Room) requestRetire() {
	r.retirement.requested = true
	r.deps.Directory.Post(&roomIdle{r.name, r.self, r.retirement.routed})
}

// retireIfCrowded retires an idle room without a delay if the node has too many rooms.
func (r *Room) retireIfCrowded() {
	if !r.retirement.requested && r.deps.Stats.Rooms.Load() > MaxRoomsBeforeEvict && r.isIdle() {
		r.requestRetire()
	}
}

func (r *Room) resetIdleTick() {
	r.retirement.ticker.Reset(r.self, r.deps.Config.RoomIdle, &idleTick{})
}

// onRetire ends the room: the directory does not forward messages to it any longer.
func (r *Room) onRetire() {
	r.retirement.ticker.Stop() // a running timer would keep the room in memory
	r.end()
	r.self.Stop()
}
