package publisher

import (
	"context"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// appendPending appends the pending writes as one batch, and answers them.
func (p *Publisher) appendPending() {
	if len(p.pending) == 0 {
		return
	}
	p.writes = p.writes[:0]
	for _, r := range p.pending {
		p.writes = append(p.writes, r.Write)
	}
	receipts, err := p.appendBatch(p.writes, p.deps.Config.CallTimeout)
	clear(p.writes)
	p.reportLogFault(err)
	if err != nil {
		p.onUnknownResult(err)
		return
	}
	for i, r := range p.pending {
		if receipts[i].Refused == chat.NotRefused {
			p.acked.add(r.Write, receipts[i], time.Now())
		}
		p.raiseFloor(r.Write.Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
		r.ReplyTo.Inline().Post(&AppendResult{AppendRequest: r, Receipt: receipts[i]})
	}
	p.pending = process.DropAll(p.pending)
	p.deps.Appender.FlushDeliveries()
}

// appendBatch calls the appender, with statistics. After an error the result of the batch is unknown.
func (p *Publisher) appendBatch(writes []chat.Write, limit time.Duration) ([]chat.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	start := time.Now()
	receipts, err := p.deps.Appender.Append(ctx, writes)
	d := time.Since(start)
	p.deps.Bus.ObserveAppend(d)
	p.commits.noteCommit(start, d)
	if err != nil {
		p.deps.Bus.PublishFailures.Add(uint64(len(writes)))
		p.deps.Bus.AppendFailures.Add(uint64(len(writes)))
		p.deps.System.Log.Warn().Err(err).Int("writes", len(writes)).Msg("append failed")
		return nil, err
	}
	p.deps.Bus.Published.Add(uint64(len(writes)))
	p.deps.Bus.Appended.Add(uint64(len(writes)))
	return receipts, nil
}

// onUnknownResult handles pending writes with an unknown result. With a journal they are stored there, marked as
// tried. Without one they fail, and the clients may retry them under the same ids.
func (p *Publisher) onUnknownResult(err error) {
	if p.deps.Journal == nil {
		for _, r := range p.pending {
			r.ReplyTo.Post(&AppendResult{AppendRequest: r, Err: err})
		}
		p.pending = process.DropAll(p.pending)
		return
	}
	p.reportFailure(err)
	p.journaling = true
	for _, r := range p.pending {
		r.Write.Tried = true
		p.sendToJournal(r)
	}
	p.pending = process.DropAll(p.pending)
}

// publishSignals publishes the queued signals. Signals that fail are lost, because they are best effort.
func (p *Publisher) publishSignals() {
	if len(p.signals) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.deps.Config.CallTimeout)
	defer cancel()
	if err := p.deps.Appender.PublishSignals(ctx, p.signals); err != nil {
		p.deps.Bus.PublishFailures.Add(uint64(len(p.signals)))
		p.reportFailure(err)
	} else {
		p.deps.Bus.Published.Add(uint64(len(p.signals)))
	}
	p.signals = process.DropAll(p.signals)
}

// reportFailure notifies the link of a failed call to Redis.
func (p *Publisher) reportFailure(err error) { p.deps.Link.Post(link.CallFailed{Err: err}) }

// reportLogFault notifies the link when the log of a standalone node starts or stops rejecting writes. With Redis,
// reportFailure is sufficient.
func (p *Publisher) reportLogFault(err error) {
	if p.deps.Config.Distributed || (err != nil) == p.logFaulty {
		return
	}
	p.logFaulty = err != nil
	p.deps.Link.Post(link.LogFaultChanged{Err: err})
}
