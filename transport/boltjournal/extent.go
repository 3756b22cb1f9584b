package boltjournal

// extent is the range of stored writes: numbers from first to next-1.
type extent struct {
	first, next uint64
	bytes       int64 // encoded size of the writes
}

func (e extent) writes() int { return int(e.next - e.first) }
