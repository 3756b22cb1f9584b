package boltjournal

// extent is what the file holds: the writes numbered from first up to, and without, next.
type extent struct {
	first, next uint64
	bytes       int64 // of the encoded writes
}

func (h extent) writes() int { return int(h.next - h.first) }
