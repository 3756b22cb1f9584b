package room

import (
	"strconv"
	"sync/atomic"
	"time"

	"chatnode/actors/process"
)

// DirectoryKind is the kind of the directory actor.
var DirectoryKind = process.Kind{Name: "rooms", Capacity: 16384}

// Directory finds or spawns rooms by name, and removes idle ones. Senders that do not have the address of a room send
// through it. It counts the forwarded messages, so that no room ends while a message to it is pending.
type Directory struct {
	deps    *Deps
	self    *process.Process
	rooms   map[string]*managedRoom
	spawned uint64
}

// managedRoom is a room in memory.
type managedRoom struct {
	process *process.Process
	routed  uint64 // messages forwarded to it

	memberCount *atomic.Int64
	shownCount  *atomic.Uint64 // entries displayed
	rate        float64        // entries per second, measured at ratedAt
	ratedAt     time.Time
	ratedShown  uint64 // shownCount at ratedAt
}

// NewDirectory returns the directory actor. It spawns the rooms.
func NewDirectory(deps *Deps) *Directory {
	return &Directory{deps: deps, rooms: map[string]*managedRoom{}}
}

// Receive implements process.Actor.
func (d *Directory) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		d.self = self
	case *RoomMessage:
		d.onRoomMessage(m)
	case *roomIdle:
		d.onRoomIdle(m)
	case *roomStopped:
		d.onRoomStopped(m)
	case *apiRoomLoadsRequest:
		d.onRoomLoadsRequest(m)
	default:
		self.Unknown(msg)
	}
}

func (d *Directory) onRoomMessage(m *RoomMessage) {
	r := d.rooms[m.Room]
	if r == nil || !r.process.Post(&routedMessage{m.Msg}) { // none, or it has stopped
		r = d.spawn(m.Room)
		d.rooms[m.Room] = r
		r.process.Post(&routedMessage{m.Msg})
	}
	r.routed++
}

// spawn starts a room. Its process id contains a counter, because the previous process of the room may still be
// running.
func (d *Directory) spawn(name string) *managedRoom {
	d.spawned++
	r := newRoom(d.deps, name)
	p := d.deps.System.Spawn(process.Spec{
		Kind: Kind, ID: name + "." + strconv.FormatUint(d.spawned, 36),
		New:      func() process.Actor { return r },
		OnGiveUp: func() { r.onGiveUp(); d.self.Post(&roomStopped{name, r.self}) },
	})
	return &managedRoom{process: p, memberCount: &r.members.count, shownCount: &r.measures.shown, ratedAt: time.Now()}
}

// onRoomIdle removes an idle room, unless a message was forwarded to it that it had not received when it became idle.
func (d *Directory) onRoomIdle(m *roomIdle) {
	if r := d.rooms[m.room]; r != nil && r.process == m.process && r.routed == m.routed {
		delete(d.rooms, m.room)
		m.process.Post(&retireRoom{})
		return
	}
	m.process.Post(&idleTick{})
}

func (d *Directory) onRoomStopped(m *roomStopped) {
	if r := d.rooms[m.room]; r != nil && r.process == m.process {
		delete(d.rooms, m.room)
	}
}
