package publisher

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Publisher owns the writing side of the bus. All appends that have queued go out as one batch: one
// round trip, or one fsync, however many there are. While Redis is lost they go to the journal instead,
// those of unknown fate first, and until the journal has been replayed they keep going there, so that
// the order of a client's writes is the order that they were sent in.
type Publisher struct {
	Core           *Deps
	Port           chat.Appender
	pending        []*AppendRequest // taken and not yet settled
	writes         []chat.Write
	signals        []chat.Signal
	journaling     bool
	journaledCount uint64 // writes that went to the journal
	Acked          AckedLog
	queued         []*AppendRequest      // while the node connects for the first time
	Floors         map[string]chat.Floor // by room, the newest seq that this node knows of
	Pace           GroupCommit
	faulty         bool // the log takes no writes, and everybody knows

	verifying   bool // the store looks for losses
	verifyAgain bool // and must look once more
	replaying   bool // the journal's turn comes after that
	paging      bool // a page of the journal is on its way to the log
	missing     bool // for missedDue
	misses      int  // looks in a row that have found no message for an edit or a deletion
	look        process.Ticker
}

const (
	batchMost = 1024 // appends in one batch

	floorsMost = 1 << 16 // rooms whose newest seq is remembered
)

// errDegraded is the end of a write that neither Redis nor the journal could take.
var errDegraded = errors.New("neither the log nor the journal takes writes")

// Receive implements Actor.
func (b *Publisher) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		b.journaling = b.Core.Journal != nil
		b.look.Reset(self, verifyInterval, verifyTick{})
	case process.Recovered: // what was lost may have been a tick, an answer, or a signal that the port chokes on
		b.look.Reset(self, verifyInterval, verifyTick{})
		b.missing, b.verifying, b.verifyAgain, b.replaying = false, false, false, false
		b.signals = process.DropAll(b.signals)
		b.onUnknownResult(process.ErrPanicked)
		if b.paging {
			b.sendReplayResult(nil, process.ErrPanicked)
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
		case *AppendRequest:
			b.onAppendRequest(m)
		case chat.Signal:
			b.signals = append(b.signals, m)
		case link.Changed:
			b.onLinkChanged(m)
		case link.ReplayRequest:
			b.onReplayRequest(self)
		case FloorUpdate:
			b.raiseFloor(m.Room, m.Floor)
		case verifyTick:
			b.onVerifyTick(self)
		case verifyRetryTick:
			b.onVerifyRetryTick(self)
		case VerifyNow:
			b.onVerifyNow(self)
		case *writeFound:
			b.Acked.add(m.write, m.receipt, time.Now())
		case *verifyResult:
			b.onVerifyResult(self, m)
		case *replayBatch:
			b.onReplayBatch(self, m)
		case journalEmpty:
			b.onJournalEmpty(m)
		}
	}
	if !b.lingers(self) {
		b.append()
	}
	b.signal()
}

// lingers reports whether what is owed has to wait for its turn. Until then nobody wakes the process for one write.
func (b *Publisher) lingers(self *process.Process) bool {
	if len(b.pending) == 0 {
		return false
	}
	wait := b.Pace.wait(time.Now(), len(b.pending))
	if wait > 0 {
		self.Linger(wait, groupCommitSize-len(b.pending), commitTick{})
	}
	return wait > 0
}

func (b *Publisher) onAppendRequest(m *AppendRequest) {
	b.raiseFloor(m.Write.Room, m.Write.Floor)
	switch {
	case b.journaling && b.Core.Link.Connecting() && len(b.queued) < Kind.Capacity:
		b.queued = append(b.queued, m)
		return
	case b.journaling:
		b.toJournal(m)
		return
	}
	if b.pending = append(b.pending, m); len(b.pending) == batchMost {
		b.append()
	}
}

// onLinkChanged turns to the journal when the link is lost. Turning back is replayEnd's.
func (b *Publisher) onLinkChanged(m link.Changed) {
	if !m.Degraded || b.Core.Journal == nil {
		return
	}
	b.append()
	b.journaling = true
	held := b.queued
	b.queued = nil
	for _, s := range held {
		b.toJournal(s)
	}
}

// raiseFloor notes the newest seq of a room that was shown or stored.
func (b *Publisher) raiseFloor(room string, f chat.Floor) {
	if len(b.Floors) > floorsMost {
		clear(b.Floors)
	}
	if old := b.Floors[room]; b.Acked.On && f.Epoch != "" && (f.Epoch != old.Epoch || f.Seq > old.Seq) {
		b.Floors[room] = f
	}
}

// toJournal passes a write on to the journal. A full journal mailbox is overload, not loss.
func (b *Publisher) toJournal(m *AppendRequest) {
	if b.Core.Journal.TryPost(m) != nil {
		m.ReplyTo.Post(&AppendResult{AppendRequest: m, Err: errDegraded})
		return
	}
	b.journaledCount++
}

// append stores what is owed and settles it.
func (b *Publisher) append() {
	if len(b.pending) == 0 {
		return
	}
	b.writes = b.writes[:0]
	for _, s := range b.pending {
		b.writes = append(b.writes, s.Write)
	}
	receipts, err := b.appendBatch(b.writes)
	clear(b.writes)
	b.reportLogFault(err)
	if err != nil {
		b.onUnknownResult(err)
		return
	}
	for i, s := range b.pending {
		if receipts[i].Refused == chat.NotRefused {
			b.Acked.add(s.Write, receipts[i], time.Now())
		}
		b.raiseFloor(s.Write.Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
		s.ReplyTo.Inline().Post(&AppendResult{AppendRequest: s, Receipt: receipts[i]})
	}
	b.pending = process.DropAll(b.pending)
	b.Port.FlushDeliveries()
}

// appendBatch is one call of the port, counted and timed.
func (b *Publisher) appendBatch(writes []chat.Write) ([]chat.Receipt, error) {
	return b.appendBatchWithin(writes, b.Core.Set.LinkTimeout)
}

func (b *Publisher) appendBatchWithin(writes []chat.Write, limit time.Duration) ([]chat.Receipt, error) {
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

// onUnknownResult is the end of a batch whose fate is unknown: it goes to the journal, marked as tried. Where
// there is none, the clients hear that it failed, and may try again under the same ids.
func (b *Publisher) onUnknownResult(err error) {
	if b.Core.Journal == nil {
		for _, s := range b.pending {
			s.ReplyTo.Post(&AppendResult{AppendRequest: s, Err: err})
		}
		b.pending = process.DropAll(b.pending)
		return
	}
	b.Core.Bridge.Post(link.Failed{Err: err})
	b.journaling = true
	for _, s := range b.pending {
		s.Write.Tried = true
		b.toJournal(s)
	}
	b.pending = process.DropAll(b.pending)
}

// signal publishes what is not stored. What fails is lost, as it may be.
func (b *Publisher) signal() {
	if len(b.signals) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.Core.Set.LinkTimeout)
	defer cancel()
	if err := b.Port.PublishSignals(ctx, b.signals); err != nil {
		b.Core.Bus.PublishFailures.Add(uint64(len(b.signals)))
		b.Core.Bridge.Post(link.Failed{Err: err})
	} else {
		b.Core.Bus.Published.Add(uint64(len(b.signals)))
	}
	b.signals = process.DropAll(b.signals)
}
