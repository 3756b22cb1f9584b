package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// The way back from an outage. bridge_out first lets the store look whether the log still holds what was
// acknowledged in the last minute (a failover may have lost its tail) and appends what it lost again;
// then the journal sends page after page; when it is empty and nothing has gone to it meanwhile,
// writes go to Redis again.

// Messages of the replay.
type (
	verifyRequest struct { // to the store: which of these has the log lost?
		acked   []ackedWrite
		history int // entries that a full log keeps
		reply   *process.Process
	}
	writeFound struct { // from the journal: the log has this one already
		write   chat.Write
		receipt chat.Receipt
	}
	verifyResult struct {
		lost []chat.Write
		err  error
	}
	replayBatch struct { // from the journal: append these, in order
		writes []chat.Write
	}
	replayed struct { // to the journal
		receipts []chat.Receipt
		err      error
	}
	FloorUpdate struct { // to bridge_out: what a room has shown
		Room  string
		Floor chat.Floor
	}
	VerifyNow       struct{}               // to bridge_out: a room has seen the log begin anew or go back
	verifyTick      struct{}               // to itself: it may have been lost in a room that has no members here
	verifyRetryTick struct{}               // to itself: what an edit or a deletion is about may be back
	journalEmpty    struct{ taken uint64 } // from the journal: empty, having taken so many writes in all
)

func (b *Publisher) onReplayRequest(self *process.Process) {
	if b.Core.Journal == nil {
		b.Core.Bridge.Post(link.JournalReplayed{})
		return
	}
	b.replaying = true
	b.startVerify(self)
}

// onVerifyNow looks for losses while the link is healthy: a FLUSHALL breaks no connection.
func (b *Publisher) onVerifyNow(self *process.Process) {
	if b.canVerify() {
		b.startVerify(self)
	}
}

// canVerify reports whether there is anything to look for; an outage ends with a look at all of it.
func (b *Publisher) canVerify() bool { return b.Acked.On && !b.journaling }

// verifyInterval is how often the log is looked through for what this node remembers, whatever happens: a FLUSHALL
// breaks no connection, and a room without members here does not see it.
const verifyInterval = AckedRetention / 3

func (b *Publisher) onVerifyTick(self *process.Process) {
	if b.canVerify() && !b.verifying {
		if list := b.Acked.unverified(time.Now()); len(list) > 0 {
			b.requestVerify(self, list)
		}
	}
	b.look.Reset(self, verifyInterval, verifyTick{})
}

// startVerify asks the store for all that is remembered, one question at a time.
func (b *Publisher) startVerify(self *process.Process) {
	if b.verifying {
		b.verifyAgain = true
		return
	}
	b.requestVerify(self, b.Acked.recent(time.Now()))
}

func (b *Publisher) requestVerify(self *process.Process, acked []ackedWrite) {
	b.verifying = true
	b.Core.Store.Post(&verifyRequest{acked, b.Core.Set.HistorySize, self})
}

// onVerifyResult appends again, under the same ids, what the log has lost, and then starts the journal.
func (b *Publisher) onVerifyResult(self *process.Process, m *verifyResult) {
	b.verifying = false
	if m.err == nil && b.verifyAgain { // what it read may be older than what it was asked about
		b.verifyAgain = false
		b.startVerify(self)
		return
	}
	replaying := b.replaying
	b.replaying, b.verifyAgain = false, false
	if m.err != nil {
		b.Core.Bridge.Post(link.Failed{Err: m.err})
		return
	}
	if err := b.reappend(self, m.lost); err != nil {
		b.Core.Bridge.Post(link.Failed{Err: err})
		return
	}
	if replaying {
		b.Core.Journal.Post(link.ReplayRequest{})
	}
}

// reappend appends what the log has lost, page by page.
func (b *Publisher) reappend(self *process.Process, lost []chat.Write) error {
	refused := false
	for len(lost) > 0 {
		page := lost[:min(len(lost), batchMost)]
		lost = lost[len(page):]
		b.applyFloors(page)
		receipts, err := b.appendBatch(page)
		if err != nil {
			return err
		}
		b.Core.Bus.Reappended.Add(uint64(len(page)))
		for i := range page {
			if receipts[i].Refused != chat.NotRefused {
				refused = true
				continue
			}
			b.Acked.replace(page[i].ID, receipts[i])
			b.raiseFloor(page[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
			b.Core.In.Post(link.ToRoom{Room: page[i].Room, Msg: &WriteCommitted{page[i], receipts[i]}})
		}
		b.Port.FlushDeliveries()
	}
	if b.misses++; refused {
		b.scheduleVerifyRetry(self)
	} else {
		b.misses = 0
	}
	return nil
}

// scheduleVerifyRetry lets the store look once more, later. What was refused is an edit or a deletion whose message is
// not in the log: somebody has deleted it, or another node has not made good yet that it was lost.
func (b *Publisher) scheduleVerifyRetry(self *process.Process) {
	if b.missing {
		return
	}
	b.missing = true
	self.PostAfter(time.Second<<min(b.misses, missedMost), verifyRetryTick{})
}

// missedMost looks in a row each double the pause before the next: 16 s at most. What is older than ackedFor
// is looked for no more, so they come to an end.
const missedMost = 4

func (b *Publisher) onVerifyRetryTick(self *process.Process) {
	b.missing = false
	b.onVerifyNow(self)
}

// applyFloors puts writes on what is known to have been shown since they were made.
func (b *Publisher) applyFloors(writes []chat.Write) {
	for i := range writes {
		w := &writes[i]
		if f := b.Floors[w.Room]; f.Epoch != "" && (f.Epoch != w.Floor.Epoch || f.Seq > w.Floor.Seq) {
			w.Floor = f
		}
	}
}

// replayTimeout is how long one page of the journal may take: the log may have to be searched for each
// of its writes.
const replayTimeout = 15 * time.Second

func (b *Publisher) onReplayBatch(self *process.Process, m *replayBatch) {
	b.paging = true
	b.applyFloors(m.writes)
	receipts, err := b.appendBatchWithin(m.writes, replayTimeout)
	if err != nil {
		b.Core.Bridge.Post(link.Failed{Err: err})
	}
	for i := range receipts {
		b.Acked.add(m.writes[i], receipts[i], time.Now())
		if receipts[i].Refused == chat.RefusedNotFound {
			b.scheduleVerifyRetry(self)
		}
		b.raiseFloor(m.writes[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
	}
	b.Port.FlushDeliveries()
	b.sendReplayResult(receipts, err)
}

// sendReplayResult answers the journal.
func (b *Publisher) sendReplayResult(receipts []chat.Receipt, err error) {
	b.paging = false
	b.Core.Journal.Post(&replayed{receipts, err})
}

// onJournalEmpty is the journal empty. Writes that were passed on to it meanwhile are on their way there.
func (b *Publisher) onJournalEmpty(m journalEmpty) {
	if m.taken != b.journaledCount {
		b.Core.Journal.Post(link.ReplayRequest{})
		return
	}
	b.journaling = false
	held := b.queued
	b.queued = nil
	for _, s := range held {
		b.onAppendRequest(s)
	}
	b.append()
	b.Core.Bridge.Post(link.JournalReplayed{})
}
