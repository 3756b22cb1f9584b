package room

import (
	"strconv"
	"sync/atomic"
	"time"

	"chatnode/actors/process"
)

// Rooms finds or spawns a room, and forgets one that has been empty for a while. Whoever does not hold
// a room's address goes through it, and it counts what it has passed on, so that a room never ends
// with a message on its way.
type Rooms struct {
	Core    *Deps
	self    *process.Process
	Live    map[string]*ManagedRoom
	spawned uint64
}

// ManagedRoom is a living room.
type ManagedRoom struct {
	Process *process.Process
	routed  uint64 // messages forwarded to it

	memberCount *atomic.Int64
	shownCount  *atomic.Uint64 // entries displayed
	rate        float64        // entries per second, measured at ratedAt
	ratedAt     time.Time
	ratedShown  uint64 // shownCount at ratedAt
}

// Receive implements Actor.
func (r *Rooms) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		r.self = self
	case RoomMessage:
		r.onRoomMessage(m)
	case roomIdle:
		r.onRoomIdle(m)
	case *apiRoomLoadsRequest:
		r.onRoomLoadsRequest(m)
	case roomStopped:
		if t := r.Live[m.room]; t != nil && t.Process == m.process {
			delete(r.Live, m.room)
		}
	}
}

func (r *Rooms) onRoomMessage(m RoomMessage) {
	t := r.Live[m.Room]
	if t == nil || !t.Process.Post(routedMessage{m.Msg}) { // none, or it was given up a moment ago
		t = r.spawn(m.Room)
		r.Live[m.Room] = t
		t.Process.Post(routedMessage{m.Msg})
	}
	t.routed++
}

// spawn gives each life of a room an id of its own, because the last one may not have ended yet.
func (r *Rooms) spawn(name string) *ManagedRoom {
	r.spawned++
	rm := newRoom(r.Core, name)
	p := r.Core.Sys.Spawn(process.Spec{
		Kind: Kind, ID: name + "." + strconv.FormatUint(r.spawned, 36),
		New:      func() process.Actor { return rm },
		OnGiveUp: func() { rm.onGiveUp(); r.self.Post(roomStopped{name, rm.Self}) },
	})
	return &ManagedRoom{Process: p, memberCount: &rm.members.count, shownCount: &rm.measures.shown, ratedAt: time.Now()}
}

// onRoomIdle lets an idle room end, unless something has been passed on to it since it said so.
func (r *Rooms) onRoomIdle(m roomIdle) {
	if t := r.Live[m.room]; t != nil && t.Process == m.process && t.routed == m.routed {
		delete(r.Live, m.room)
		m.process.Post(retireRoom{})
		return
	}
	m.process.Post(idleTick{})
}
