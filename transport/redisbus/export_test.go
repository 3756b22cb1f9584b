package redisbus

import (
	"context"

	"chatnode/actors/chat"
)

// SetRedisTime sets the estimated time of Redis to ms; 0: unknown.
func (e *Engine) SetRedisTime(ms int64) {
	if e.clock.offset.Store(0); ms != 0 {
		e.clock.observe(ms)
	}
}

// RedisTime returns the estimated time of Redis in ms; 0: unknown.
func (e *Engine) RedisTime() int64 { return e.clock.after(0) }

// AppendWithDeadline appends the batch with the given deadline and does not retry. It returns the time of Redis in the
// reply of each call that exceeded the deadline.
func (a *Appender) AppendWithDeadline(ctx context.Context, deadline int64, batch []chat.Write) (times []int64, err error) {
	p, err := a.planner.build(batch, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range p.calls {
		c.args[deadlineArg] = deadline
	}
	err = a.conn.run(ctx, "append", p.calls...)
	for _, c := range p.calls {
		if now, ok := c.reply.(deadlineExceeded); ok {
			times = append(times, int64(now))
		}
	}
	return times, err
}

// AppendExpired is Append, except that the first call of each of the given rooms has a deadline in the past.
func (a *Appender) AppendExpired(ctx context.Context, batch []chat.Write, rooms ...string) ([]chat.Receipt, error) {
	p, err := a.planner.build(batch, nil)
	if err != nil {
		return nil, err
	}
	for i, c := range p.calls {
		for _, room := range rooms {
			if batch[p.index[i][0]].Room == room {
				c.args[deadlineArg] = 1
			}
		}
	}
	if err := a.send(ctx, "append", p.calls); err != nil {
		return nil, err
	}
	receipts := make([]chat.Receipt, len(batch))
	_, err = p.parseReceipts(batch, receipts)
	return receipts, err
}

// SetDeadline sets the time from sending an append to its deadline.
func (a *Appender) SetDeadline(ms int64) { a.planner.deadlineMs = ms }
