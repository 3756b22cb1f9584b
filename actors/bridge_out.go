package actors

import (
	"context"
)

// bridgeOut owns the writing side of the bus. All appends that have queued go out as one batch: one
// round trip, or one fsync, however many there are.
type bridgeOut struct {
	core    *Core
	port    Appender
	owed    []*submit // taken and not yet settled
	writes  []Write
	signals []Signal
}

const (
	outBound  = 16384 // appends and signals queued before a room is told that the node is overloaded
	batchMost = 1024  // appends in one batch
)

// Receive implements Actor.
func (b *bridgeOut) Receive(_ *Process, msg any) {
	switch msg.(type) {
	case Recovered:
		b.settle(nil, errPanicked)
	case Stopped:
		if err := b.port.Close(); err != nil {
			b.core.sys.Log.Debug().Err(err).Msg("appender did not close cleanly")
		}
	}
}

// ReceiveBatch implements BatchActor.
func (b *bridgeOut) ReceiveBatch(_ *Process, msgs []any) {
	for _, msg := range msgs {
		switch m := msg.(type) {
		case *submit:
			if b.owed = append(b.owed, m); len(b.owed) == batchMost {
				b.append()
			}
		case Signal:
			b.signals = append(b.signals, m)
		}
	}
	b.append()
	b.signal()
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
	ctx, cancel := context.WithTimeout(context.Background(), b.core.set.LinkTimeout)
	defer cancel()
	receipts, err := b.port.Append(ctx, b.writes)
	b.core.stats.Bus.Batches.Add(1)
	b.settle(receipts, err)
	clear(b.writes)
}

// settle tells the rooms what became of what is owed.
func (b *bridgeOut) settle(receipts []Receipt, err error) {
	n := uint64(len(b.owed))
	if n == 0 {
		return
	}
	if err != nil {
		b.core.stats.Bus.PublishFailures.Add(n)
		b.core.sys.Log.Warn().Err(err).Int("writes", len(b.owed)).Msg("append failed")
	} else {
		b.core.stats.Bus.Published.Add(n)
	}
	for i, s := range b.owed {
		m := &settled{submit: s, err: err}
		if err == nil {
			m.receipt = receipts[i]
		}
		s.room.Post(m)
	}
	clear(b.owed)
	b.owed = b.owed[:0]
}

// signal publishes what is not stored. What fails is lost, as it may be.
func (b *bridgeOut) signal() {
	if len(b.signals) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.core.set.LinkTimeout)
	defer cancel()
	if err := b.port.Signal(ctx, b.signals); err != nil {
		b.core.stats.Bus.PublishFailures.Add(uint64(len(b.signals)))
	}
	clear(b.signals)
	b.signals = b.signals[:0]
}
