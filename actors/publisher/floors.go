package publisher

import (
	"chatnode/actors/chat"
)

// maxFloors is the number of rooms in Publisher.floors. If it is exceeded, all floors are removed, and writes have
// only the floor that was known when they were made.
const maxFloors = 1 << 16

// raiseFloor records an entry that was displayed or stored, if it is newer than the known floor of the room.
func (p *Publisher) raiseFloor(room string, f chat.Floor) {
	if len(p.floors) > maxFloors {
		clear(p.floors)
	}
	if old := p.floors[room]; p.acked.enabled && f.Epoch != "" && (f.Epoch != old.Epoch || f.Seq > old.Seq) {
		p.floors[room] = f
	}
}

// applyFloors raises the floors of writes to the entries that were displayed since the writes were made.
func (p *Publisher) applyFloors(writes []chat.Write) {
	for i := range writes {
		w := &writes[i]
		if f := p.floors[w.Room]; f.Epoch != "" && (f.Epoch != w.Floor.Epoch || f.Seq > w.Floor.Seq) {
			w.Floor = f
		}
	}
}
