package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// DeliveryTimeout is the time in which the bus should deliver an entry that is in the log. Then the room reads it.
const DeliveryTimeout = 250 * time.Millisecond

// pendingDelivery is an entry that is in the log, according to the receipt of its append, and was not displayed yet.
// The ack waits for it until the deadline, so that both are sent in one write.
type pendingDelivery struct {
	seq      uint64
	deadline time.Time
	client   *fanout.Client // nil: no ack, or it was sent
	ack      []byte
}

// deliveryQueue contains pending deliveries by seq.
type deliveryQueue struct {
	list []pendingDelivery // list[head:] is the queue
	head int
}

// add inserts an entry, usually at the end.
func (q *deliveryQueue) add(e pendingDelivery) {
	if q.head > 0 && len(q.list) == cap(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	q.list = append(q.list, e)
	for i := len(q.list) - 1; i > q.head && q.list[i-1].seq > e.seq; i-- {
		q.list[i], q.list[i-1] = q.list[i-1], q.list[i]
	}
}

// first returns the entry with the smallest seq. It is valid until the next call of a method.
func (q *deliveryQueue) first() (e *pendingDelivery, ok bool) {
	if q.head == len(q.list) {
		return nil, false
	}
	return &q.list[q.head], true
}

// drop removes the first entry.
func (q *deliveryQueue) drop() {
	q.list[q.head] = pendingDelivery{}
	if q.head++; q.head == len(q.list) {
		q.list, q.head = q.list[:0], 0
	}
}

// acks are the pending deliveries of a room, and their timer.
type acks struct {
	queue   deliveryQueue
	waiting int         // entries of the queue with an ack
	timer   *time.Timer // posts deliveryTick; nil until its first use
	armed   bool
}

func (a *acks) idle() bool { return len(a.queue.list) == 0 }

// add adds an entry.
func (a *acks) add(e pendingDelivery) {
	if e.client != nil {
		a.waiting++
	}
	a.queue.add(e)
}

// arm starts the timer for the first entry, or stops it if there is none: it must not wake an idle room.
func (a *acks) arm(self *process.Process) {
	first, ok := a.queue.first()
	switch {
	case ok && !a.armed && a.timer == nil:
		a.timer = self.PostAfter(time.Until(first.deadline), &deliveryTick{})
	case ok && !a.armed:
		a.timer.Reset(time.Until(first.deadline))
	case !ok && a.armed:
		a.timer.Stop()
	}
	a.armed = ok
}

// takeOverdue removes the entries with a passed deadline and sends their acks. It returns the newest seq of them; 0:
// none.
func (a *acks) takeOverdue(now time.Time) (seq uint64) {
	a.armed = false
	for e, ok := a.queue.first(); ok && !e.deadline.After(now); e, ok = a.queue.first() {
		seq = max(seq, e.seq)
		a.answer(e)
		a.queue.drop()
	}
	return seq
}

// takeUpTo removes the entries up to seq, which is about to be displayed. It returns the ack of that entry, to be
// sent together with it, and sends the acks of the others.
func (a *acks) takeUpTo(seq uint64) (ack *fanout.SendFrame) {
	for e, ok := a.queue.first(); ok && e.seq <= seq; e, ok = a.queue.first() {
		if e.client != nil && e.seq == seq && ack == nil {
			e.client.Session.FreeSlots(1) // the broadcast limits the number of these acks
			ack = &fanout.SendFrame{Client: e.client, Frame: e.ack}
			a.waiting--
		} else {
			a.answer(e)
		}
		a.queue.drop()
	}
	return ack
}

// answerAll sends all acks: the link was lost, the room adopted another position, or a later write is acknowledged.
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

// queueAck holds the ack of an entry until the entry is displayed. If it was displayed already, or if its epoch is
// not the current one, queueAck sends all held acks and then this one. So acks are sent in the order of the writes.
func (r *Room) queueAck(receipt chat.Receipt, c *fanout.Client, ack []byte) {
	missing := r.reader.open && r.timeline.Observe(receipt.Epoch, receipt.Seq)
	if c != nil && !(missing && receipt.Epoch == r.timeline.Epoch()) {
		r.acks.answerAll()
		c.Answer(ack)
		c = nil
	}
	if !missing {
		return
	}
	r.acks.add(pendingDelivery{receipt.Seq, time.Now().Add(DeliveryTimeout), c, ack})
	r.acks.arm(r.self)
}

// onDeliveryTick acknowledges the overdue entries and reads them from the log.
func (r *Room) onDeliveryTick() {
	if seq := r.acks.takeOverdue(time.Now()); seq > 0 {
		r.readMissing(seq)
	}
	r.acks.arm(r.self)
}

// encodeAck counts the ack of a stored write and returns its frame. It answers a call of the API and returns nil for
// it.
func (r *Room) encodeAck(m *WriteRequest, w *chat.Write, a *wire.Ack) []byte {
	r.deps.Stats.Acked.Add(1)
	if a.Duplicate {
		r.deps.Stats.Duplicates.Add(1)
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
