package order

// Verdict is the judgement on an entry that was shown.
type Verdict uint8

// The verdicts. Only Next is correct.
const (
	Next   Verdict = iota // the entry after the last one
	Gap                   // above the next seq: the entries between were not shown
	Late                  // an entry that was skipped before
	Repeat                // an entry that was shown before
	Early                 // a live entry before the history
	Back                  // a history that ends before the last entry
)

// Tracker follows one reader of one room, within one epoch at a time. The zero value waits for the first history. It is
// not safe for concurrent use.
type Tracker struct {
	seq   uint64
	ready bool
	gaps  gaps
}

// Seq returns the highest seq that was shown.
func (t *Tracker) Seq() uint64 { return t.seq }

// Ready reports whether the reader has a position to resume at.
func (t *Tracker) Ready() bool { return t.ready }

// Missing returns how many entries were skipped and have not arrived since, in all epochs.
func (t *Tracker) Missing() uint64 { return t.gaps.missing() }

// Reload makes the next history replace the position, after a join that did not recover or a resync.
func (t *Tracker) Reload() { t.ready = false }

// Load applies the history of a join, which ends at seq. newEpoch says that its epoch is not that of earlier entries.
// The entries between are not missing, because the node made the reader load the history.
func (t *Tracker) Load(seq uint64, newEpoch bool) Verdict {
	back := t.seq > seq && !newEpoch
	if newEpoch {
		t.gaps = gaps{settled: t.gaps.missing()}
	}
	t.seq, t.ready = seq, true
	if back {
		return Back
	}
	return Next
}

// Show applies the seq of the next entry.
func (t *Tracker) Show(seq uint64) Verdict {
	switch {
	case !t.ready:
		return Early
	case seq == t.seq+1:
		t.seq = seq
		return Next
	case seq > t.seq:
		t.gaps.add(t.seq+1, seq-1)
		t.seq = seq
		return Gap
	case t.gaps.fill(seq):
		return Late
	}
	return Repeat
}
