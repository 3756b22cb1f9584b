package order

// maxGaps limits the gaps that a reader remembers. Entries of older gaps count as missing even if they arrive later.
const maxGaps = 64

// span is the seqs from first to last.
type span struct{ first, last uint64 }

func (s span) len() uint64 { return s.last - s.first + 1 }

// gaps are the spans that are missing, in ascending order.
type gaps struct {
	open    []span
	settled uint64 // entries of gaps that were dropped
}

// add records that the seqs from first to last, above all others, were skipped.
func (h *gaps) add(first, last uint64) {
	if len(h.open) == maxGaps {
		h.settled += h.open[0].len()
		h.open = h.open[1:]
	}
	h.open = append(h.open, span{first, last})
}

// fill removes seq from its gap and reports whether there was one.
func (h *gaps) fill(seq uint64) bool {
	for i, s := range h.open {
		if seq < s.first || seq > s.last {
			continue
		}
		var rest []span
		if seq > s.first {
			rest = append(rest, span{s.first, seq - 1})
		}
		if seq < s.last {
			rest = append(rest, span{seq + 1, s.last})
		}
		h.open = append(h.open[:i:i], append(rest, h.open[i+1:]...)...)
		return true
	}
	return false
}

// missing returns how many entries are missing.
func (h *gaps) missing() uint64 {
	n := h.settled
	for _, s := range h.open {
		n += s.len()
	}
	return n
}
