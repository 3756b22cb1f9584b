package room

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"

	"chatnode/actors/process"
)

// A RoomLoad is how much goes on in a living room on this node.
type RoomLoad struct {
	Room      string
	Members   int     // sessions of this node
	Shown     uint64  // entries shown since the room was spawned
	PerSecond float64 // of them, since the loads were asked for before, or since the room was spawned
}

// loadWindow is the shortest time over which a rate is measured; who asks again sooner gets the last one.
const loadWindow = time.Second

// roomCounters is what a room counts and the rooms read.
type roomCounters struct {
	members atomic.Int64
	shown   atomic.Uint64
}

// entryShown counts an entry that the members are shown.
func (r *Room) entryShown() {
	r.core.Stats.Delivered.Add(1)
	r.counts.shown.Add(1)
}

// membersChanged counts the members anew.
func (r *Room) membersChanged() { r.counts.members.Store(int64(len(r.members))) }

// AskForLoads measures every living room of this node, in no particular order, those that are empty and
// not yet retired too. It walks the rooms' counters: a few tens of nanoseconds for each room.
func AskForLoads(ctx context.Context, rooms *process.Process) ([]RoomLoad, error) {
	return process.Ask(ctx, rooms, func(reply chan<- process.Answer[[]RoomLoad]) any {
		return &apiRoomLoadsRequest{time.Now(), reply}
	})
}

type apiRoomLoadsRequest struct {
	now   time.Time
	reply chan<- process.Answer[[]RoomLoad]
}

// onRoomLoadsRequest answers how much goes on in each room.
func (r *Rooms) onRoomLoadsRequest(m *apiRoomLoadsRequest) {
	all := make([]RoomLoad, 0, len(r.Live))
	for name, t := range r.Live {
		all = append(all, t.load(name, m.now))
	}
	m.reply <- process.Answer[[]RoomLoad]{Value: all}
}

// load is the tenant's load, its rate measured from the last time on.
func (t *ManagedRoom) load(name string, now time.Time) RoomLoad {
	shown := t.counts.shown.Load()
	if over := now.Sub(t.read); over >= loadWindow {
		t.rate = float64(shown-t.shown) / over.Seconds()
		t.read, t.shown = now, shown
	}
	return RoomLoad{Room: name, Members: int(t.counts.members.Load()), Shown: shown, PerSecond: t.rate}
}

// BySize orders loads by members, the most first, then by name.
func (l *RoomLoad) BySize(o *RoomLoad) int {
	return cmp.Or(cmp.Compare(o.Members, l.Members), cmp.Compare(l.Room, o.Room))
}

// ByRate orders loads by entries a second, the most first, then by size.
func (l *RoomLoad) ByRate(o *RoomLoad) int {
	return cmp.Or(cmp.Compare(o.PerSecond, l.PerSecond), l.BySize(o))
}
