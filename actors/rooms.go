package actors

import (
	"strconv"
	"time"
)

// rooms finds or spawns a room, and forgets one that has been empty for a while. Whoever does not hold
// a room's address goes through it, and it counts what it has passed on, so that a room never ends
// with a message on its way.
type rooms struct {
	core    *roomDeps
	self    *Process
	live    map[string]*tenant
	spawned uint64
}

// tenant is a living room.
type tenant struct {
	process *Process
	visits  uint64 // messages passed on to it
	counts  *roomCounts
	read    time.Time // when its load was read last
	shown   uint64    // what it had shown by then
	rate    float64   // that was measured then, entries a second
}

const roomsBound = 16384

// Receive implements Actor.
func (r *rooms) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		r.self = self
	case forward:
		r.forward(m)
	case idle:
		r.retire(m)
	case *askLoads:
		r.loads(m)
	case roomGone:
		if t := r.live[m.room]; t != nil && t.process == m.process {
			delete(r.live, m.room)
		}
	}
}

func (r *rooms) forward(m forward) {
	t := r.live[m.room]
	if t == nil || !t.process.Post(visit{m.msg}) { // none, or it was given up a moment ago
		t = r.spawn(m.room)
		r.live[m.room] = t
		t.process.Post(visit{m.msg})
	}
	t.visits++
}

// spawn gives each life of a room an id of its own, because the last one may not have ended yet.
func (r *rooms) spawn(name string) *tenant {
	r.spawned++
	rm := newRoom(r.core, name)
	p := r.core.sys.Spawn(Spec{
		Kind: KindRoom, ID: name + "." + strconv.FormatUint(r.spawned, 36), Bound: roomBound,
		New:    func() Actor { return rm },
		GaveUp: func() { rm.abandon(); r.self.Post(roomGone{name, rm.self}) },
	})
	return &tenant{process: p, counts: &rm.counts, read: time.Now()}
}

// retire lets an idle room end, unless something has been passed on to it since it said so.
func (r *rooms) retire(m idle) {
	if t := r.live[m.room]; t != nil && t.process == m.process && t.visits == m.visits {
		delete(r.live, m.room)
		m.process.Post(retire{})
		return
	}
	m.process.Post(sweep{})
}
