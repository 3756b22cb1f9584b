package ledger

import "slices"

// Audit is the result of a run. Lost, Doubled and Clashes must be 0.
type Audit struct {
	Sent, Acked, Refused uint64
	Unanswered           uint64 // sent, but neither acknowledged nor refused
	Lost                 uint64 // acknowledged, but shown to no reader
	Doubled              uint64 // at two positions: stored twice
	Clashes              uint64 // messages at the same position as another one
}

// Check compares all records. room returns the room of a message. Nothing may be recorded at the same time.
func (l *Ledger) Check(room func(k uint64) int) Audit {
	c := l.Totals()
	a := Audit{Sent: c.Sent, Acked: c.Acked, Refused: c.Refused, Doubled: c.Moved, Unanswered: l.Open()}
	byRoom := map[int][]uint64{}
	for k := range l.flags {
		if l.flags[k].Load()&(acked|shown) == acked {
			a.Lost++
		}
		if at := l.places[k].Load(); at != 0 {
			r := room(uint64(k))
			byRoom[r] = append(byRoom[r], at)
		}
	}
	for _, places := range byRoom {
		all := len(places)
		slices.Sort(places)
		a.Clashes += uint64(all - len(slices.Compact(places)))
	}
	return a
}
