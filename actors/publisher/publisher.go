package publisher

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// bridgeOut owns the writing side of the bus. All appends that have queued go out as one batch: one
// round trip, or one fsync, however many there are. While Redis is lost they go to the journal instead,
// those of unknown fate first, and until the journal has been replayed they keep going there, so that
// the order of a client's writes is the order that they were sent in.
type Publisher struct {
	Core       *Deps
	Port       chat.Appender
	owed       []*Submit // taken and not yet settled
	writes     []chat.Write
	signals    []chat.Signal
	journaling bool
	passed     uint64 // writes that went to the journal
	Acked      AckedLog
	held       []*Submit             // while the node connects for the first time
	Floors     map[string]chat.Floor // by room, the newest seq that this node knows of
	Pace       CommitPace
	faulty     bool // the log takes no writes, and everybody knows

	verifying   bool // the store looks for losses
	verifyAgain bool // and must look once more
	replaying   bool // the journal's turn comes after that
	paging      bool // a page of the journal is on its way to the log
	missing     bool // for missedDue
	misses      int  // looks in a row that have found no message for an edit or a deletion
	look        process.Tick
}

const (
	OutBound  = 16384 // appends and signals queued before a room is told that the node is overloaded
	batchMost = 1024  // appends in one batch

	floorsMost = 1 << 16 // rooms whose newest seq is remembered
)

// errDegraded is the end of a write that neither Redis nor the journal could take.
var errDegraded = errors.New("neither the log nor the journal takes writes")

// Receive implements Actor.
func (b *Publisher) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		b.journaling = b.Core.Journal != nil
		b.look.Again(self, lookEvery, lookDue{})
	case process.Recovered: // what was lost may have been a tick, an answer, or a signal that the port chokes on
		b.look.Again(self, lookEvery, lookDue{})
		b.missing, b.verifying, b.verifyAgain, b.replaying = false, false, false, false
		b.signals = process.DropAll(b.signals)
		b.unsettled(process.ErrPanicked)
		if b.paging {
			b.replayed(nil, process.ErrPanicked)
		}
	case process.Stopped:
		b.append()
		if err := b.Port.Close(); err != nil {
			b.Core.Sys.Log.Debug().Err(err).Msg("appender close failed")
		}
	}
}

// ReceiveBatch implements BatchActor.
func (b *Publisher) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *Submit:
			b.submit(m)
		case chat.Signal:
			b.signals = append(b.signals, m)
		case link.Changed:
			b.linkChanged(m)
		case link.Replay:
			b.replay(self)
		case FloorNote:
			b.raise(m.Room, m.Floor)
		case lookDue:
			b.lookDue(self)
		case missedDue:
			b.missedDue(self)
		case Recheck:
			b.recheck(self)
		case *foundWrite:
			b.Acked.add(m.write, m.receipt, time.Now())
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
func (b *Publisher) early(self *process.Process) bool {
	if len(b.owed) == 0 {
		return false
	}
	wait := b.Pace.wait(time.Now(), len(b.owed))
	if wait > 0 {
		self.Nap(wait, paceMost-len(b.owed), commitDue{})
	}
	return wait > 0
}

func (b *Publisher) submit(m *Submit) {
	b.raise(m.Write.Room, m.Write.Floor)
	switch {
	case b.journaling && b.Core.Link.Connecting() && len(b.held) < OutBound:
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
func (b *Publisher) linkChanged(m link.Changed) {
	if !m.Degraded || b.Core.Journal == nil {
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
func (b *Publisher) raise(room string, f chat.Floor) {
	if len(b.Floors) > floorsMost {
		clear(b.Floors)
	}
	if old := b.Floors[room]; b.Acked.On && f.Epoch != "" && (f.Epoch != old.Epoch || f.Seq > old.Seq) {
		b.Floors[room] = f
	}
}

// toJournal passes a write on to the journal. A full journal mailbox is overload, not loss.
func (b *Publisher) toJournal(m *Submit) {
	if b.Core.Journal.Tell(m) != nil {
		m.Room.Post(&Settled{Submit: m, Err: errDegraded})
		return
	}
	b.passed++
}

// append stores what is owed and settles it.
func (b *Publisher) append() {
	if len(b.owed) == 0 {
		return
	}
	b.writes = b.writes[:0]
	for _, s := range b.owed {
		b.writes = append(b.writes, s.Write)
	}
	receipts, err := b.store(b.writes)
	clear(b.writes)
	b.fault(err)
	if err != nil {
		b.unsettled(err)
		return
	}
	for i, s := range b.owed {
		if receipts[i].Refused == chat.RefusedNot {
			b.Acked.add(s.Write, receipts[i], time.Now())
		}
		b.raise(s.Write.Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
		s.Room.PostHere(&Settled{Submit: s, Receipt: receipts[i]})
	}
	b.owed = process.DropAll(b.owed)
	b.Port.Deliver()
}

// store is one call of the port, counted and timed.
func (b *Publisher) store(writes []chat.Write) ([]chat.Receipt, error) {
	return b.storeWithin(writes, b.Core.Set.LinkTimeout)
}

func (b *Publisher) storeWithin(writes []chat.Write, limit time.Duration) ([]chat.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	begun := time.Now()
	receipts, err := b.Port.Append(ctx, writes)
	took := time.Since(begun)
	b.Core.Bus.Timed(took)
	b.Pace.took(begun, took)
	if err != nil {
		b.Core.Bus.PublishFailures.Add(uint64(len(writes)))
		b.Core.Bus.AppendFailures.Add(uint64(len(writes)))
		b.Core.Sys.Log.Warn().Err(err).Int("writes", len(writes)).Msg("append failed")
		return nil, err
	}
	b.Core.Bus.Published.Add(uint64(len(writes)))
	b.Core.Bus.Appended.Add(uint64(len(writes)))
	return receipts, nil
}

// unsettled is the end of a batch whose fate is unknown: it goes to the journal, marked as tried. Where
// there is none, the clients hear that it failed, and may try again under the same ids.
func (b *Publisher) unsettled(err error) {
	if b.Core.Journal == nil {
		for _, s := range b.owed {
			s.Room.Post(&Settled{Submit: s, Err: err})
		}
		b.owed = process.DropAll(b.owed)
		return
	}
	b.Core.Bridge.Post(link.Failed{Err: err})
	b.journaling = true
	for _, s := range b.owed {
		s.Write.Tried = true
		b.toJournal(s)
	}
	b.owed = process.DropAll(b.owed)
}

// signal publishes what is not stored. What fails is lost, as it may be.
func (b *Publisher) signal() {
	if len(b.signals) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.Core.Set.LinkTimeout)
	defer cancel()
	if err := b.Port.Signal(ctx, b.signals); err != nil {
		b.Core.Bus.PublishFailures.Add(uint64(len(b.signals)))
		b.Core.Bridge.Post(link.Failed{Err: err})
	} else {
		b.Core.Bus.Published.Add(uint64(len(b.signals)))
	}
	b.signals = process.DropAll(b.signals)
}
