package boltjournal

// held is what the file holds: the writes numbered from first up to, and without, next.
type held struct {
	first, next uint64
	bytes       int64 // of the encoded writes
}

func (h held) writes() int { return int(h.next - h.first) }
