package ledger

import "sync/atomic"

// States of a message.
const (
	sent = 1 << iota
	acked
	shown
	refused
	moved // at two positions of one epoch
)

// Ledger identifies messages by their number, from 0. It is safe for concurrent use and ignores numbers out of range.
type Ledger struct {
	flags  []atomic.Uint32
	places []atomic.Uint64
	sent   atomic.Uint64
	acked  atomic.Uint64
	turned atomic.Uint64 // refused
	moved  atomic.Uint64
}

// New returns a ledger of n messages. Each needs 12 bytes.
func New(n uint64) *Ledger {
	return &Ledger{flags: make([]atomic.Uint32, n), places: make([]atomic.Uint64, n)}
}

// Sent records that message k is in flight.
func (l *Ledger) Sent(k uint64) { l.mark(k, sent, &l.sent) }

// Refused records that a node refused message k.
func (l *Ledger) Refused(k uint64) { l.mark(k, refused, &l.turned) }

// Acked records that message k was acknowledged. at is 0 if the ack has no seq.
func (l *Ledger) Acked(k uint64, at Position) {
	l.mark(k, acked, &l.acked)
	l.place(k, at)
}

// Shown records that a reader was shown message k. at is 0 while it has no seq.
func (l *Ledger) Shown(k uint64, at Position) {
	l.mark(k, shown, nil)
	l.place(k, at)
}

// mark sets a flag and counts the messages that have it.
func (l *Ledger) mark(k uint64, flag uint32, count *atomic.Uint64) {
	if k >= uint64(len(l.flags)) || l.flags[k].Load()&flag != 0 {
		return
	}
	if l.flags[k].Or(flag)&flag == 0 && count != nil {
		count.Add(1)
	}
}

// place compares the position with earlier ones. A later epoch may move a message, because it was stored again there.
func (l *Ledger) place(k uint64, at Position) {
	if k >= uint64(len(l.places)) || at == 0 {
		return
	}
	for {
		old := Position(l.places[k].Load())
		switch {
		case old == at || old.Epoch() > at.Epoch():
			return
		case old.Epoch() == at.Epoch():
			l.mark(k, moved, &l.moved)
			return
		}
		if l.places[k].CompareAndSwap(uint64(old), uint64(at)) {
			return
		}
	}
}

// Counts is the number of messages in each state.
type Counts struct {
	Sent, Acked, Refused, Moved uint64
}

// Totals returns the number of messages in each state.
func (l *Ledger) Totals() Counts {
	return Counts{l.sent.Load(), l.acked.Load(), l.turned.Load(), l.moved.Load()}
}

// Open returns how many messages were sent and have no result.
func (l *Ledger) Open() uint64 {
	c := l.Totals()
	return c.Sent - min(c.Sent, c.Acked+c.Refused)
}
