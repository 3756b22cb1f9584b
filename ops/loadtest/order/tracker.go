package order

// A Verdict is what is to be thought of a place that was shown.
type Verdict uint8

// The verdicts. Only Next is as promised.
const (
	Next   Verdict = iota // the place after the last one
	Gap                   // beyond the next place: what lies between has not been shown
	Late                  // a place that was passed over before
	Repeat                // a place that was shown before
	Early                 // a live place before the history that tells where the room stands
	Back                  // a history that ends before what was shown
)

// A Tracker follows one reader of one room, within one epoch at a time. The zero value waits for its
// first history. It is not safe for concurrent use.
type Tracker struct {
	seq   uint64
	ready bool
	holes holes
}

// Seq is the highest place that was shown.
func (t *Tracker) Seq() uint64 { return t.seq }

// Ready says that the reader knows where it stands, so that it can resume from there.
func (t *Tracker) Ready() bool { return t.ready }

// Missing is how many places were passed over and have not come since, in all epochs.
func (t *Tracker) Missing() uint64 { return t.holes.missing() }

// Reload says that the next history replaces the position: a join that did not recover, a resync.
func (t *Tracker) Reload() { t.ready = false }

// Load takes the history of a join, which ends at seq. newEpoch says that it is of another epoch
// than all before. What lay between was not passed over silently, so it is not missing.
func (t *Tracker) Load(seq uint64, newEpoch bool) Verdict {
	back := t.seq > seq && !newEpoch
	if newEpoch {
		t.holes = holes{settled: t.holes.missing()}
	}
	t.seq, t.ready = seq, true
	if back {
		return Back
	}
	return Next
}

// Place takes the place of the next entry that is shown.
func (t *Tracker) Place(seq uint64) Verdict {
	switch {
	case !t.ready:
		return Early
	case seq == t.seq+1:
		t.seq = seq
		return Next
	case seq > t.seq:
		t.holes.add(t.seq+1, seq-1)
		t.seq = seq
		return Gap
	case t.holes.fill(seq):
		return Late
	}
	return Repeat
}
