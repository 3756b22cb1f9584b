package redisbus

import (
	"context"

	"chatnode/actors/chat"
)

// Believe makes the node think that Redis's clock shows ms now; 0: that it has heard nothing of it.
func (e *Engine) Believe(ms int64) {
	if e.clock.offset.Store(0); ms != 0 {
		e.clock.observe(ms)
	}
}

// Belief is what the node thinks that Redis's clock shows now; 0: it has heard nothing of it.
func (e *Engine) Belief() int64 { return e.clock.after(0) }

// AppendBy appends the batch once, to be stored until the deadline, and tries nothing again. It returns
// the time that Redis named to each call that was late.
func (a *Appender) AppendBy(ctx context.Context, deadline int64, batch []chat.Write) (times []int64, err error) {
	p, err := a.planner.plan(batch, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range p.calls {
		c.args[callDeadline] = deadline
	}
	err = a.link.run(ctx, "append", p.calls...)
	for _, c := range p.calls {
		if now, is := c.reply.(deadlineExceeded); is {
			times = append(times, int64(now))
		}
	}
	return times, err
}

// AppendPast is Append, but that the calls of some rooms have a deadline that is long over.
func (a *Appender) AppendPast(ctx context.Context, batch []chat.Write, rooms ...string) ([]chat.Receipt, error) {
	p, err := a.planner.plan(batch, nil)
	if err != nil {
		return nil, err
	}
	for i, c := range p.calls {
		for _, room := range rooms {
			if batch[p.index[i][0]].Room == room {
				c.args[callDeadline] = 1
			}
		}
	}
	if err := a.send(ctx, "append", p.calls); err != nil {
		return nil, err
	}
	receipts := make([]chat.Receipt, len(batch))
	_, err = p.receipts(batch, receipts)
	return receipts, err
}

// Hasten lets the deadlines of what is sent again lie so many ms from Redis's time.
func (a *Appender) Hasten(ms int64) { a.planner.patience = ms }
