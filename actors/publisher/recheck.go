package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
)

const (
	// verifyInterval is the interval of verifications without a VerifyNow. A FLUSHALL does not close connections, and
	// rooms without members on this node do not detect it.
	verifyInterval = AckedRetention / 3

	// maxVerifyRetries limits the doubling of the pause between retries, to 16 s. The retries end because writes older
	// than AckedRetention are not verified.
	maxVerifyRetries = 4
)

// onVerifyNow verifies all acknowledged writes while the link is healthy.
func (p *Publisher) onVerifyNow() {
	if p.canVerify() {
		p.startVerify()
	}
}

// canVerify reports whether this node verifies writes now. It does not during an outage, because the recovery verifies
// all of them.
func (p *Publisher) canVerify() bool { return p.acked.enabled && !p.journaling }

func (p *Publisher) onVerifyTick() {
	if p.canVerify() && !p.verifying {
		if list := p.acked.unverified(time.Now()); len(list) > 0 {
			p.requestVerify(list)
		}
	}
	p.resetVerifyTicker()
}

func (p *Publisher) resetVerifyTicker() { p.verifyTicker.Reset(p.self, verifyInterval, &verifyTick{}) }

// startVerify verifies all acknowledged writes. Only one verification is in flight; another one follows it.
func (p *Publisher) startVerify() {
	if p.verifying {
		p.verifyAgain = true
		return
	}
	p.requestVerify(p.acked.recent(time.Now()))
}

func (p *Publisher) requestVerify(acked []ackedWrite) {
	p.verifying = true
	p.deps.Store.Post(&verifyRequest{acked, p.deps.Config.HistorySize, p.self})
}

// onVerifyResult appends the lost writes again, under the same ids, and then starts the replay of the journal.
func (p *Publisher) onVerifyResult(m *verifyResult) {
	p.verifying = false
	if m.err == nil && p.verifyAgain { // the log may have changed after it was read
		p.verifyAgain = false
		p.startVerify()
		return
	}
	replay := p.replayPending
	p.replayPending, p.verifyAgain = false, false
	if m.err != nil {
		p.reportFailure(m.err)
		return
	}
	if err := p.reappend(m.lost); err != nil {
		p.reportFailure(err)
		return
	}
	if replay {
		p.deps.Journal.Post(&link.ReplayRequest{})
	}
}

// reappend appends the lost writes again, in batches.
func (p *Publisher) reappend(lost []chat.Write) error {
	refused := false
	for len(lost) > 0 {
		page := lost[:min(len(lost), maxBatch)]
		lost = lost[len(page):]
		p.applyFloors(page)
		receipts, err := p.appendBatch(page, p.deps.Config.CallTimeout)
		if err != nil {
			return err
		}
		p.deps.Bus.Reappended.Add(uint64(len(page)))
		for i := range page {
			if receipts[i].Refused != chat.NotRefused {
				refused = true
				continue
			}
			p.acked.setReceipt(page[i].ID, receipts[i])
			p.raiseFloor(page[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
			p.deps.Dispatcher.Post(&link.ForwardToRoom{Room: page[i].Room, Msg: &WriteCommitted{page[i], receipts[i]}})
		}
		p.deps.Appender.FlushDeliveries()
	}
	if p.retries++; refused {
		p.scheduleVerifyRetry()
	} else {
		p.retries = 0
	}
	return nil
}

// scheduleVerifyRetry schedules another verification, because the log has refused an edit or a deletion. Its message
// is not in the log: it was deleted, or another node has not appended it again yet.
func (p *Publisher) scheduleVerifyRetry() {
	if p.retryScheduled {
		return
	}
	p.retryScheduled = true
	p.self.PostAfter(time.Second<<min(p.retries, maxVerifyRetries), &verifyRetryTick{})
}

func (p *Publisher) onVerifyRetryTick() {
	p.retryScheduled = false
	p.onVerifyNow()
}
