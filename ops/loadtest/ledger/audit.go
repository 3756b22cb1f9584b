package ledger

import "slices"

// An Audit is the books at the end of a run. Lost, Doubled and Clashes must be 0.
type Audit struct {
	Sent, Acked, Refused uint64
	Unanswered           uint64 // sent, and neither acknowledged nor refused
	Lost                 uint64 // acknowledged, and shown to nobody
	Doubled              uint64 // seen at two places: stored twice
	Clashes              uint64 // messages that share a place with another one
}

// Audit closes the books. room tells which room a message belongs to. Nothing may be noted meanwhile.
func (l *Ledger) Audit(room func(k uint64) int) Audit {
	c := l.Counts()
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
