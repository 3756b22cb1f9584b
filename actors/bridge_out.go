package actors

import (
	"context"
	"errors"
	"time"
)

// bridgeOut owns the writing side of the bus. All appends that have queued go out as one batch: one
// round trip, or one fsync, however many there are. While Redis is lost they go to the journal instead,
// those of unknown fate first, and until the journal has been replayed they keep going there, so that
// the order of a client's writes is the order that they were sent in.
type bridgeOut struct {
	core       *publisherDeps
	port       Appender
	owed       []*submit // taken and not yet settled
	writes     []Write
	signals    []Signal
	journaling bool
	passed     uint64 // writes that went to the journal
	acked      ackedLog
	held       []*submit        // while the node connects for the first time
	floors     map[string]Floor // by room, the newest seq that this node knows of
	pace       commitPace
	faulty     bool // the log takes no writes, and everybody knows

	verifying   bool // the store looks for losses
	verifyAgain bool // and must look once more
	replaying   bool // the journal's turn comes after that
	paging      bool // a page of the journal is on its way to the log
	missing     bool // for missedDue
	misses      int  // looks in a row that have found no message for an edit or a deletion
	look        tick
}

const (
	outBound  = 16384 // appends and signals queued before a room is told that the node is overloaded
	batchMost = 1024  // appends in one batch

	floorsMost = 1 << 16 // rooms whose newest seq is remembered
)

// errDegraded is the end of a write that neither Redis nor the journal could take.
var errDegraded = errors.New("neither the log nor the journal takes writes")

// Receive implements Actor.
func (b *bridgeOut) Receive(self *Process, msg any) {
	switch msg.(type) {
	case Started:
		b.journaling = b.core.journal != nil
		b.look.again(self, lookEvery, lookDue{})
	case Recovered: // what was lost may have been a tick, an answer, or a signal that the port chokes on
		b.look.again(self, lookEvery, lookDue{})
		b.missing, b.verifying, b.verifyAgain, b.replaying = false, false, false, false
		b.signals = dropAll(b.signals)
		b.unsettled(errPanicked)
		if b.paging {
			b.replayed(nil, errPanicked)
		}
	case Stopped:
		b.append()
		if err := b.port.Close(); err != nil {
			b.core.sys.Log.Debug().Err(err).Msg("appender did not close cleanly")
		}
	}
}

// ReceiveBatch implements BatchActor.
func (b *bridgeOut) ReceiveBatch(self *Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *submit:
			b.submit(m)
		case Signal:
			b.signals = append(b.signals, m)
		case linkChanged:
			b.linkChanged(m)
		case replay:
			b.replay(self)
		case floorNote:
			b.raise(m.room, m.floor)
		case lookDue:
			b.lookDue(self)
		case missedDue:
			b.missedDue(self)
		case recheck:
			b.recheck(self)
		case *foundWrite:
			b.acked.add(m.write, m.receipt, time.Now())
		case *verified:
			b.verified(self, m)
		case *replayPage:
			b.replayPage(self, m)
		case replayEnd:
			b.replayEnd(m)
		}
	}
	if !b.early(self) {
		b.append()
	}
	b.signal()
}

// early reports whether what is owed has to wait for its turn. Until then nobody wakes the process for one write.
func (b *bridgeOut) early(self *Process) bool {
	if len(b.owed) == 0 {
		return false
	}
	wait := b.pace.wait(time.Now(), len(b.owed))
	if wait > 0 {
		self.Nap(wait, paceMost-len(b.owed), commitDue{})
	}
	return wait > 0
}

func (b *bridgeOut) submit(m *submit) {
	b.raise(m.write.Room, m.write.Floor)
	switch {
	case b.journaling && b.core.link.Connecting() && len(b.held) < outBound:
		b.held = append(b.held, m)
		return
	case b.journaling:
		b.toJournal(m)
		return
	}
	if b.owed = append(b.owed, m); len(b.owed) == batchMost {
		b.append()
	}
}

// linkChanged turns to the journal when the link is lost. Turning back is replayEnd's.
func (b *bridgeOut) linkChanged(m linkChanged) {
	if !m.degraded || b.core.journal == nil {
		return
	}
	b.append()
	b.journaling = true
	held := b.held
	b.held = nil
	for _, s := range held {
		b.toJournal(s)
	}
}

// raise notes the newest seq of a room that was shown or stored.
func (b *bridgeOut) raise(room string, f Floor) {
	if len(b.floors) > floorsMost {
		clear(b.floors)
	}
	if old := b.floors[room]; b.acked.on && f.Epoch != "" && (f.Epoch != old.Epoch || f.Seq > old.Seq) {
		b.floors[room] = f
	}
}

// toJournal passes a write on to the journal. A full journal mailbox is overload, not loss.
func (b *bridgeOut) toJournal(m *submit) {
	if b.core.journal.Tell(m) != nil {
		m.room.Post(&settled{submit: m, err: errDegraded})
		return
	}
	b.passed++
}

// append stores what is owed and settles it.
func (b *bridgeOut) append() {
	if len(b.owed) == 0 {
		return
	}
	b.writes = b.writes[:0]
	for _, s := range b.owed {
		b.writes = append(b.writes, s.write)
	}
	receipts, err := b.store(b.writes)
	clear(b.writes)
	b.fault(err)
	if err != nil {
		b.unsettled(err)
		return
	}
	for i, s := range b.owed {
		if receipts[i].Refused == RefusedNot {
			b.acked.add(s.write, receipts[i], time.Now())
		}
		b.raise(s.write.Room, Floor{receipts[i].Epoch, receipts[i].Seq})
		s.room.PostHere(&settled{submit: s, receipt: receipts[i]})
	}
	b.owed = dropAll(b.owed)
	b.port.Deliver()
}

// store is one call of the port, counted and timed.
func (b *bridgeOut) store(writes []Write) ([]Receipt, error) {
	return b.storeWithin(writes, b.core.set.LinkTimeout)
}

func (b *bridgeOut) storeWithin(writes []Write, limit time.Duration) ([]Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	begun := time.Now()
	receipts, err := b.port.Append(ctx, writes)
	took := time.Since(begun)
	b.core.bus.timed(took)
	b.pace.took(begun, took)
	if err != nil {
		b.core.bus.PublishFailures.Add(uint64(len(writes)))
		b.core.bus.AppendFailures.Add(uint64(len(writes)))
		b.core.sys.Log.Warn().Err(err).Int("writes", len(writes)).Msg("append failed")
		return nil, err
	}
	b.core.bus.Published.Add(uint64(len(writes)))
	b.core.bus.Appended.Add(uint64(len(writes)))
	return receipts, nil
}

// unsettled is the end of a batch whose fate is unknown: it goes to the journal, marked as tried. Where
// there is none, the clients hear that it failed, and may try again under the same ids.
func (b *bridgeOut) unsettled(err error) {
	if b.core.journal == nil {
		for _, s := range b.owed {
			s.room.Post(&settled{submit: s, err: err})
		}
		b.owed = dropAll(b.owed)
		return
	}
	b.core.bridge.Post(linkFailed{err})
	b.journaling = true
	for _, s := range b.owed {
		s.write.Tried = true
		b.toJournal(s)
	}
	b.owed = dropAll(b.owed)
}

func dropAll[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// signal publishes what is not stored. What fails is lost, as it may be.
func (b *bridgeOut) signal() {
	if len(b.signals) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.core.set.LinkTimeout)
	defer cancel()
	if err := b.port.Signal(ctx, b.signals); err != nil {
		b.core.bus.PublishFailures.Add(uint64(len(b.signals)))
		b.core.bridge.Post(linkFailed{err})
	} else {
		b.core.bus.Published.Add(uint64(len(b.signals)))
	}
	b.signals = dropAll(b.signals)
}
