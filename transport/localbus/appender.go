package localbus

import (
	"context"
	"fmt"
	"sync/atomic"

	"chatnode/actors/chat"
)

var _ chat.Appender = (*appender)(nil)

// appender is one appender of a bus.
type appender struct {
	bus    *Bus
	closed atomic.Bool
}

// Append implements chat.Appender.
func (a *appender) Append(ctx context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	if a.closed.Load() {
		return nil, ErrClosed
	}
	return a.bus.log.Append(ctx, batch)
}

// FlushDeliveries implements chat.Appender. It blocks while the queue of the subscriber is full.
func (a *appender) FlushDeliveries() { a.bus.subscriber.deliver() }

// PublishSignals implements chat.Appender. It blocks while the queue of the subscriber is full.
func (a *appender) PublishSignals(ctx context.Context, batch []chat.Signal) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	if a.closed.Load() {
		return ErrClosed
	}
	a.bus.subscriber.enqueueSignals(ctx, batch)
	return nil
}

// Close implements chat.Appender.
func (a *appender) Close() error {
	a.closed.Store(true)
	return nil
}
