package redisbus

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// An Appender owns the publish connection. Calls must not overlap; Close may come at any time.
type Appender struct {
	link     *conn
	rooms    *roomScripts
	scripts  *scripts
	planner  planner
	keys     keys
	instance string
}

var _ chat.Appender = (*Appender)(nil)

// Append implements actors.Appender: one script a room, all in one pipeline. The order of the
// batch holds within a room. The script is atomic for the room, so Redis serves nobody else for
// about 6 µs a write; a batch of one room should stay below some 1,000.
// What Redis takes later than a quarter of IDEMPOTENCY_WINDOW is not stored, see late.go.
func (a *Appender) Append(ctx context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	receipts := make([]chat.Receipt, len(batch))
	far, err := a.append(ctx, batch, receipts, nil)
	if err != nil || len(far) == 0 {
		return receipts, err
	}
	return receipts, a.appendWithScan(ctx, batch, receipts, far)
}

// append tries the batch once and reads its receipts; far are the writes that were not done.
func (a *Appender) append(ctx context.Context, batch []chat.Write, receipts []chat.Receipt, at map[string]idIndex) (far []int, err error) {
	const doing = "append"
	p, err := a.planner.plan(batch, at)
	if err != nil {
		return nil, wrapOp(doing, err)
	}
	if err := a.send(ctx, doing, p.calls); err != nil {
		return nil, err
	}
	far, err = p.receipts(batch, receipts)
	return far, wrapOp(doing, err)
}

// FlushDeliveries implements actors.Appender: the script has published what it stored.
func (a *Appender) FlushDeliveries() {}

// PublishSignals implements actors.Appender.
func (a *Appender) PublishSignals(ctx context.Context, batch []chat.Signal) error {
	calls := make([]*call, 0, len(batch))
	for i := range batch {
		channel, kind, data, err := a.keys.encodeSignal(&batch[i], a.instance)
		if err != nil {
			return wrapOp("signal", err)
		}
		head, tail := envelopeAround(kind, a.planner.sender, batch[i].Room, data)
		calls = append(calls, &call{script: a.scripts.signal, keys: []string{channel}, args: []any{a.keys.publish(), head, tail}})
	}
	return a.link.run(ctx, "signal", calls...)
}

// Advance moves the room's seq forward to seq where the room still has the epoch, so that what was
// shown before a failover lost it is never given to something else. It returns the position after it.
func (a *Appender) Advance(ctx context.Context, room, epoch string, seq uint64) (wire.Position, error) {
	const doing = "advance"
	c := &call{
		script: a.scripts.advance,
		room:   room,
		keys:   []string{a.keys.meta(room), a.keys.log(room), a.keys.amended(room)},
		args:   []any{newEpoch(), epoch, seq},
	}
	if err := a.rooms.run(ctx, doing, c); err != nil {
		return wire.Position{}, err
	}
	reply, ok := c.reply.([]any)
	if !ok || len(reply) != 2 {
		return wire.Position{}, wrapOp(doing, errReply)
	}
	now, ok1 := reply[0].(string)
	at, ok2 := reply[1].(int64)
	if !ok1 || !ok2 {
		return wire.Position{}, wrapOp(doing, errReply)
	}
	return wire.Position{Epoch: now, Seq: uint64(at)}, nil
}

// Close implements actors.Appender.
func (a *Appender) Close() error { return a.link.close() }
