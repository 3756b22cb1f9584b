package publisher

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Publisher owns the connection for appends and signals. It appends all queued writes as one batch, which costs one
// round trip or one fsync. While Redis is unavailable the writes go to the journal, those with an unknown result
// first. They go to the journal until its replay has ended, so that the writes of a client stay in order.
type Publisher struct {
	deps *Deps
	self *process.Process

	pending []*AppendRequest // accepted, without a result
	queued  []*AppendRequest // received before the node connected for the first time
	writes  []chat.Write     // of the current batch, reused
	signals []chat.Signal
	commits groupCommit
	acked   ackedLog
	floors  map[string]chat.Floor // newest known seq by room

	logFaulty      bool   // the log of a standalone node rejects writes, and the link was notified
	journaling     bool   // writes go to the journal
	journaledCount uint64 // writes sent to the journal

	verifying      bool // a verifyRequest is in flight
	verifyAgain    bool // repeat the verification when it returns
	replayPending  bool // start the replay of the journal after the verification
	replayInFlight bool // a replayBatch is being appended
	retryScheduled bool // a verifyRetryTick is scheduled
	retries        int  // consecutive verifications with refused writes
	verifyTicker   process.Ticker
}

// maxBatch is the maximum number of writes in one append.
const maxBatch = 1024

// errDegraded is the result of a write that neither Redis nor the journal has accepted.
var errDegraded = errors.New("log and journal are unavailable")

// New returns the actor of kind Kind.
func New(deps *Deps) *Publisher {
	return &Publisher{
		deps:    deps,
		commits: groupCommit{limit: deps.Config.MaxCommitDelay},
		acked:   ackedLog{enabled: deps.Config.Distributed},
		floors:  map[string]chat.Floor{},
	}
}

// Receive implements process.Actor.
func (p *Publisher) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		p.onStarted(self)
	case process.Recovered:
		p.onRecovered()
	case process.Stopped:
		p.onStopped()
	default:
		self.Unknown(msg)
	}
}

func (p *Publisher) onStarted(self *process.Process) {
	p.self = self
	p.journaling = p.deps.Journal != nil
	p.resetVerifyTicker()
}

// onRecovered repairs the state after a panic. The lost messages may include a tick, a result, and the signal that
// caused the panic.
func (p *Publisher) onRecovered() {
	p.resetVerifyTicker()
	p.retryScheduled, p.verifying, p.verifyAgain, p.replayPending = false, false, false, false
	p.signals = process.DropAll(p.signals)
	p.onUnknownResult(process.ErrPanicked)
	if p.replayInFlight {
		p.sendReplayResult(nil, process.ErrPanicked)
	}
}

func (p *Publisher) onStopped() {
	p.appendPending()
	if err := p.deps.Appender.Close(); err != nil {
		p.deps.System.Log.Debug().Err(err).Msg("appender close failed")
	}
}

// ReceiveBatch implements process.BatchActor.
func (p *Publisher) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *AppendRequest:
			p.onAppendRequest(m)
		case chat.Signal:
			p.signals = append(p.signals, m)
		case *link.StateChanged:
			p.onStateChanged(m)
		case *link.ReplayRequest:
			p.onReplayRequest()
		case *FloorUpdate:
			p.raiseFloor(m.Room, m.Floor)
		case *VerifyNow:
			p.onVerifyNow()
		case *verifyTick:
			p.onVerifyTick()
		case *verifyRetryTick:
			p.onVerifyRetryTick()
		case *verifyResult:
			p.onVerifyResult(m)
		case *writeFound:
			p.acked.add(m.write, m.receipt, time.Now())
		case *replayBatch:
			p.onReplayBatch(m)
		case *journalEmpty:
			p.onJournalEmpty(m)
		case *commitTick: // only ends the Linger
		default:
			self.Unknown(msg)
		}
	}
	if !p.lingers() {
		p.appendPending()
	}
	p.publishSignals()
}

// lingers reports whether the pending writes must wait for the next commit. Meanwhile a write does not wake the
// process.
func (p *Publisher) lingers() bool {
	if len(p.pending) == 0 {
		return false
	}
	wait := p.commits.wait(time.Now(), len(p.pending))
	if wait > 0 {
		p.self.Linger(wait, groupCommitSize-len(p.pending), &commitTick{})
	}
	return wait > 0
}

func (p *Publisher) onAppendRequest(m *AppendRequest) {
	p.raiseFloor(m.Write.Room, m.Write.Floor)
	switch {
	case p.journaling && p.deps.Health.Connecting() && len(p.queued) < Kind.Capacity:
		p.queued = append(p.queued, m)
		return
	case p.journaling:
		p.sendToJournal(m)
		return
	}
	if p.pending = append(p.pending, m); len(p.pending) == maxBatch {
		p.appendPending()
	}
}

// onStateChanged switches to the journal when the link is lost. onJournalEmpty switches back.
func (p *Publisher) onStateChanged(m *link.StateChanged) {
	if !m.Degraded || p.deps.Journal == nil {
		return
	}
	p.appendPending()
	p.journaling = true
	queued := p.queued
	p.queued = nil
	for _, r := range queued {
		p.sendToJournal(r)
	}
}

// sendToJournal sends a write to the journal. If the mailbox of the journal is full, the write fails.
func (p *Publisher) sendToJournal(m *AppendRequest) {
	if p.deps.Journal.TryPost(m) != nil {
		m.ReplyTo.Post(&AppendResult{AppendRequest: m, Err: errDegraded})
		return
	}
	p.journaledCount++
}
