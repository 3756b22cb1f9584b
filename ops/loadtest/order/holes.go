package order

// maxHoles bounds what a reader remembers of places that it was not shown. What is beyond stays lost
// even where it comes later.
const maxHoles = 64

// A span is the places from first to last, both missing.
type span struct{ first, last uint64 }

func (s span) len() uint64 { return s.last - s.first + 1 }

// holes are the spans that are missing, in ascending order.
type holes struct {
	open    []span
	settled uint64 // places of holes that were too many to remember
}

// add notes that everything from first to last, beyond all that is known, was passed over.
func (h *holes) add(first, last uint64) {
	if len(h.open) == maxHoles {
		h.settled += h.open[0].len()
		h.open = h.open[1:]
	}
	h.open = append(h.open, span{first, last})
}

// fill takes seq out of the hole that it is in, and says whether there was one.
func (h *holes) fill(seq uint64) bool {
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

// missing is how many places are still missing.
func (h *holes) missing() uint64 {
	n := h.settled
	for _, s := range h.open {
		n += s.len()
	}
	return n
}
