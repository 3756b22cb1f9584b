package redisbus

import (
	"context"

	"chatnode/actors/chat"
)

// Appender owns the publish connection. Only one call may run at a time, except Close.
type Appender struct {
	conn     *conn
	rooms    *roomScripts
	scripts  *scripts
	planner  planner
	keys     keys
	instance string
}

var _ chat.Appender = (*Appender)(nil)

// Append implements chat.Appender. It runs one script per room, all in one pipeline. The order of the batch is kept
// within each room. The script blocks Redis for about 6 µs per write, so a batch should contain at most 1,000 writes
// of one room. Redis does not store calls that it receives after their deadline (see append_deadline.go).
func (a *Appender) Append(ctx context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	receipts := make([]chat.Receipt, len(batch))
	far, err := a.append(ctx, batch, receipts, nil)
	if err != nil || len(far) == 0 {
		return receipts, err
	}
	return receipts, a.appendWithScan(ctx, batch, receipts, far)
}

// append sends the batch and fills in receipts. far are the indexes of the writes that were not executed.
func (a *Appender) append(
	ctx context.Context, batch []chat.Write, receipts []chat.Receipt, at map[string]idIndex,
) (far []int, err error) {
	const op = "append"
	p, err := a.planner.build(batch, at)
	if err != nil {
		return nil, wrapOp(op, err)
	}
	if err := a.send(ctx, op, p.calls); err != nil {
		return nil, err
	}
	far, err = p.parseReceipts(batch, receipts)
	return far, wrapOp(op, err)
}

// FlushDeliveries implements chat.Appender. It does nothing, because the script publishes each entry that it stores.
func (a *Appender) FlushDeliveries() {}

// PublishSignals implements chat.Appender.
func (a *Appender) PublishSignals(ctx context.Context, batch []chat.Signal) error {
	const op = "signal"
	calls := make([]*call, 0, len(batch))
	for i := range batch {
		channel, kind, data, err := a.keys.encodeSignal(&batch[i], a.instance)
		if err != nil {
			return wrapOp(op, err)
		}
		head, tail := envelopeParts(kind, a.planner.sender, batch[i].Room, data)
		calls = append(calls, &call{
			script: a.scripts.signal, keys: []string{channel}, args: []any{a.keys.publish(), head, tail},
		})
	}
	return a.conn.run(ctx, op, calls...)
}

// Close implements chat.Appender.
func (a *Appender) Close() error { return a.conn.close() }
