package actors

import (
	"time"

	"chatnode/actors/wire"
)

// deliverWithin is how long the bus has for an entry that is in the log; then the room reads it from there.
const deliverWithin = 250 * time.Millisecond

// awaited is an entry that an append's receipt says is in the log, and that the room has not shown yet.
// The ack waits for it, but no longer than until by, so that it goes out in one write with it.
type awaited struct {
	seq    uint64
	by     time.Time
	client *Client // nil: nobody to tell, or told already
	ack    []byte
}

// awaitedQueue holds them by seq.
type awaitedQueue struct {
	list []awaited
	head int
}

// add puts an entry in its place: the last one nearly always.
func (q *awaitedQueue) add(a awaited) {
	if q.head > 0 && len(q.list) == cap(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	q.list = append(q.list, a)
	for i := len(q.list) - 1; i > q.head && q.list[i-1].seq > a.seq; i-- {
		q.list[i], q.list[i-1] = q.list[i-1], q.list[i]
	}
}

// first is the entry with the least seq.
func (q *awaitedQueue) first() (a *awaited, ok bool) {
	if q.head == len(q.list) {
		return nil, false
	}
	return &q.list[q.head], true
}

// drop takes the first one out.
func (q *awaitedQueue) drop() {
	q.list[q.head] = awaited{}
	if q.head++; q.head == len(q.list) {
		q.list, q.head = q.list[:0], 0
	}
}

// await keeps the ack of an entry until it is shown. One that is shown already, or that nobody knows when
// it will be, is acknowledged at once, behind those that wait: acks come in the order of the writes.
func (r *room) await(receipt Receipt, c *Client, ack []byte) {
	missing := r.open && r.state.exists(receipt.Epoch, receipt.Seq)
	switch {
	case c == nil:
	case missing && receipt.Epoch == r.state.epoch:
		r.unanswered++
	default:
		r.answerAwaited()
		c.answer(ack)
		c = nil
	}
	if !missing {
		return
	}
	r.awaited.add(awaited{receipt.Seq, time.Now().Add(deliverWithin), c, ack})
	r.bePatient()
}

// bePatient arms the timer that looks for what is not delivered, or stops it: an idle room is not woken for what
// has come in time.
func (r *room) bePatient() {
	a, ok := r.awaited.first()
	switch {
	case ok && !r.patient && r.patience == nil:
		r.patience = r.self.After(time.Until(a.by), undelivered{})
	case ok && !r.patient:
		r.patience.Reset(time.Until(a.by))
	case !ok && r.patient:
		r.patience.Stop()
	}
	r.patient = ok
}

// undelivered reads from the log what the bus should have brought by now, and acknowledges it.
func (r *room) undelivered() {
	r.patient = false
	var seq uint64
	now := time.Now()
	for a, ok := r.awaited.first(); ok && !a.by.After(now); a, ok = r.awaited.first() {
		seq = max(seq, a.seq)
		r.answerOne(a)
		r.awaited.drop()
	}
	if seq > 0 {
		r.overdue(seq)
	}
	r.bePatient()
}

// overdue lets the state look for what exists up to seq.
func (r *room) overdue(seq uint64) {
	r.state.overdue(seq)
	r.effects()
	r.forgetReplayed()
}

// shown takes out what was awaited up to an entry that is about to be shown. It returns the ack to go out
// with it, and sends those of what it has passed by.
func (r *room) shown(seq uint64) (ack *unicast) {
	for a, ok := r.awaited.first(); ok && a.seq <= seq; a, ok = r.awaited.first() {
		if a.client != nil && a.seq == seq && ack == nil {
			a.client.session.Release(1) // what goes out with a broadcast is bounded as that is
			ack = &unicast{a.client, a.ack}
			r.unanswered--
		} else {
			r.answerOne(a)
		}
		r.awaited.drop()
	}
	r.bePatient()
	return ack
}

// answerAwaited sends all acks that wait: the link is lost, the position is another one, or a later write has
// its ack.
func (r *room) answerAwaited() {
	for i := r.awaited.head; r.unanswered > 0 && i < len(r.awaited.list); i++ {
		r.answerOne(&r.awaited.list[i])
	}
}

func (r *room) answerOne(a *awaited) {
	if a.client != nil {
		a.client.answer(a.ack)
		a.client, a.ack = nil, nil
		r.unanswered--
	}
}

// ackFrame is the ack of a write that was taken. It counts it, and tells those who wait on no socket.
func (r *room) ackFrame(s *submit, a *wire.Ack) []byte {
	r.core.stats.Chat.Acked.Add(1)
	if a.Duplicate {
		r.core.stats.Chat.Duplicates.Add(1)
	}
	r.audit(s, wire.CodeNone)
	if s.done != nil {
		s.done <- Outcome{Ack: *a}
	}
	if s.client == nil {
		return nil
	}
	return seal(wire.AppendAck(begin(), a))
}
