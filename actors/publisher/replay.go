package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
)

// Recovery after an outage, in this order:
//
//  1. The store checks whether the log still contains the writes that were acknowledged in the last minute, because a
//     failover may have lost them. The publisher appends the lost writes again (recheck.go).
//  2. The journal sends its writes, page by page.
//  3. When the journal is empty and has received no write since, writes go to Redis again.

// onReplayRequest starts the recovery.
func (p *Publisher) onReplayRequest() {
	if p.deps.Journal == nil {
		p.deps.Link.Post(link.JournalReplayed{})
		return
	}
	p.replayPending = true
	p.startVerify()
}

// replayTimeout is the time limit of one page of the journal, because the log may search for each of its writes.
const replayTimeout = 15 * time.Second

// onReplayBatch appends a page of the journal.
func (p *Publisher) onReplayBatch(m *replayBatch) {
	p.replayInFlight = true
	p.applyFloors(m.writes)
	receipts, err := p.appendBatch(m.writes, replayTimeout)
	if err != nil {
		p.reportFailure(err)
	}
	for i := range receipts {
		p.acked.add(m.writes[i], receipts[i], time.Now())
		if receipts[i].Refused == chat.RefusedNotFound {
			p.scheduleVerifyRetry()
		}
		p.raiseFloor(m.writes[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
	}
	p.deps.Appender.FlushDeliveries()
	p.sendReplayResult(receipts, err)
}

func (p *Publisher) sendReplayResult(receipts []chat.Receipt, err error) {
	p.replayInFlight = false
	p.deps.Journal.Post(&replayResult{receipts, err})
}

// onJournalEmpty ends the recovery. If the journal has not yet accepted all writes that were sent to it, the replay
// continues.
func (p *Publisher) onJournalEmpty(m *journalEmpty) {
	if m.acceptedCount != p.journaledCount {
		p.deps.Journal.Post(&link.ReplayRequest{})
		return
	}
	p.journaling = false
	queued := p.queued
	p.queued = nil
	for _, r := range queued {
		p.onAppendRequest(r)
	}
	p.appendPending()
	p.deps.Link.Post(link.JournalReplayed{})
}
