package ledger

import "sync/atomic"

// What is known of a message.
const (
	sent = 1 << iota
	acked
	shown
	refused
	moved // it has been seen at two places of one epoch
)

// A Ledger knows messages by their number, from 0. All methods may be called from any goroutine;
// numbers that are out of range are ignored.
type Ledger struct {
	flags  []atomic.Uint32
	places []atomic.Uint64
	sent   atomic.Uint64
	acked  atomic.Uint64
	turned atomic.Uint64 // refused
	moved  atomic.Uint64
}

// New is a ledger for n messages. Each takes 12 bytes.
func New(n uint64) *Ledger {
	return &Ledger{flags: make([]atomic.Uint32, n), places: make([]atomic.Uint64, n)}
}

// Sent notes that message k is on its way.
func (l *Ledger) Sent(k uint64) { l.mark(k, sent, &l.sent) }

// Refused notes that a node will not take message k.
func (l *Ledger) Refused(k uint64) { l.mark(k, refused, &l.turned) }

// Acked notes that message k was acknowledged, at a place where the node told one.
func (l *Ledger) Acked(k uint64, at Place) {
	l.mark(k, acked, &l.acked)
	l.place(k, at)
}

// Shown notes that a reader was shown message k, at a place where it has one yet.
func (l *Ledger) Shown(k uint64, at Place) {
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

// place compares the place with what was told before. A later epoch may move a message: it was
// stored anew there.
func (l *Ledger) place(k uint64, at Place) {
	if k >= uint64(len(l.places)) || at == 0 {
		return
	}
	for {
		old := Place(l.places[k].Load())
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

// Counts are totals of the messages so far.
type Counts struct {
	Sent, Acked, Refused, Moved uint64
}

// Counts tells how many messages are in which state.
func (l *Ledger) Counts() Counts {
	return Counts{l.sent.Load(), l.acked.Load(), l.turned.Load(), l.moved.Load()}
}

// Open is how many messages were sent and wait for an answer.
func (l *Ledger) Open() uint64 {
	c := l.Counts()
	return c.Sent - min(c.Sent, c.Acked+c.Refused)
}
