package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// DeliverWithin is how long the bus has for an entry that is in the log; then the room reads it from there.
const DeliverWithin = 250 * time.Millisecond

// pendingDelivery is an entry that an append's receipt says is in the log, and that the room has not shown yet.
// The ack waits for it, but no longer than until by, so that it goes out in one write with it.
type pendingDelivery struct {
	seq    uint64
	by     time.Time
	client *fanout.Client // nil: nobody to tell, or told already
	ack    []byte
}

// deliveryQueue holds them by seq.
type deliveryQueue struct {
	list []pendingDelivery
	head int
}

// add puts an entry in its place: the last one nearly always.
func (q *deliveryQueue) add(a pendingDelivery) {
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
func (q *deliveryQueue) first() (a *pendingDelivery, ok bool) {
	if q.head == len(q.list) {
		return nil, false
	}
	return &q.list[q.head], true
}

// drop takes the first one out.
func (q *deliveryQueue) drop() {
	q.list[q.head] = pendingDelivery{}
	if q.head++; q.head == len(q.list) {
		q.list, q.head = q.list[:0], 0
	}
}

// acks are those that wait for their entries to be shown.
type acks struct {
	queue   deliveryQueue // in the log, and not shown yet
	waiting int           // of them, those whose ack waits
	timer   *time.Timer   // until undelivered; nil before the first
	armed   bool
}

func (a *acks) empty() bool { return len(a.queue.list) == 0 }

// add lets an entry wait; client is nil where nobody is to be told.
func (a *acks) add(e pendingDelivery) {
	if e.client != nil {
		a.waiting++
	}
	a.queue.add(e)
}

// arm arms the timer that looks for what is not delivered, or stops it: an idle room is not woken for what
// has come in time.
func (a *acks) arm(self *process.Process) {
	first, ok := a.queue.first()
	switch {
	case ok && !a.armed && a.timer == nil:
		a.timer = self.PostAfter(time.Until(first.by), deliveryTick{})
	case ok && !a.armed:
		a.timer.Reset(time.Until(first.by))
	case !ok && a.armed:
		a.timer.Stop()
	}
	a.armed = ok
}

// expired acknowledges what the bus should have brought by now, and returns the newest seq of it, 0 for none.
func (a *acks) expired(now time.Time) (seq uint64) {
	a.armed = false
	for e, ok := a.queue.first(); ok && !e.by.After(now); e, ok = a.queue.first() {
		seq = max(seq, e.seq)
		a.answer(e)
		a.queue.drop()
	}
	return seq
}

// shown takes out what was awaited up to an entry that is about to be shown. It returns the ack to go out
// with it, and sends those of what it has passed by.
func (a *acks) shown(seq uint64) (ack *fanout.SendFrame) {
	for e, ok := a.queue.first(); ok && e.seq <= seq; e, ok = a.queue.first() {
		if e.client != nil && e.seq == seq && ack == nil {
			e.client.Session.FreeSlots(1) // what goes out with a broadcast is bounded as that is
			ack = &fanout.SendFrame{Client: e.client, Frame: e.ack}
			a.waiting--
		} else {
			a.answer(e)
		}
		a.queue.drop()
	}
	return ack
}

// answerAll sends all acks that wait: the link is lost, the position is another one, or a later write has
// its ack.
func (a *acks) answerAll() {
	for i := a.queue.head; a.waiting > 0 && i < len(a.queue.list); i++ {
		a.answer(&a.queue.list[i])
	}
}

func (a *acks) answer(e *pendingDelivery) {
	if e.client != nil {
		e.client.Answer(e.ack)
		e.client, e.ack = nil, nil
		a.waiting--
	}
}

// queueAck keeps the ack of an entry until it is shown. One that is shown already, or that nobody knows when
// it will be, is acknowledged at once, behind those that wait: acks come in the order of the writes.
func (r *Room) queueAck(receipt chat.Receipt, c *fanout.Client, ack []byte) {
	missing := r.open && r.state.Observe(receipt.Epoch, receipt.Seq)
	if c != nil && !(missing && receipt.Epoch == r.state.Epoch) {
		r.acks.answerAll()
		c.Answer(ack)
		c = nil
	}
	if !missing {
		return
	}
	r.acks.add(pendingDelivery{receipt.Seq, time.Now().Add(DeliverWithin), c, ack})
	r.acks.arm(r.Self)
}

// onDeliveryTimeout reads from the log what the bus should have brought by now, and acknowledges it.
func (r *Room) onDeliveryTimeout() {
	if seq := r.acks.expired(time.Now()); seq > 0 {
		r.readMissing(seq)
	}
	r.acks.arm(r.Self)
}

// readMissing lets the state look for what exists up to seq.
func (r *Room) readMissing(seq uint64) {
	r.state.Overdue(seq)
	r.applyEffects()
	r.dropResolvedReplays()
}

// encodeAck is the ack of a write that was taken. It counts it, and tells those who wait on no socket.
func (r *Room) encodeAck(m *WriteRequest, w *chat.Write, a *wire.Ack) []byte {
	r.core.Stats.Acked.Add(1)
	if a.Duplicate {
		r.core.Stats.Duplicates.Add(1)
	}
	r.audit(m, w, wire.CodeNone)
	if m.reply != nil {
		m.reply <- process.Answer[chat.WriteResult]{Value: chat.WriteResult{Ack: *a}}
	}
	if m.Client == nil {
		return nil
	}
	return fanout.Seal(wire.AppendAck(fanout.Begin(), a))
}
