package main

import (
	"context"
	"time"
)

// sendInTurn keeps a fixed number of messages of each sender in flight until the deadline: each result triggers the
// next message. It measures the throughput of the nodes, not their latency at a given rate.
func (f *clientPool) sendInTurn(ctx context.Context, d time.Duration) {
	f.plan.begin.Store(int64(f.plan.now()))
	var text []byte
	for range f.flight {
		for _, c := range f.plan.senders {
			text = c.sendNext(text)
		}
	}
	pause(ctx.Done(), d-(f.plan.now()-time.Duration(f.plan.begin.Load())))
	f.plan.closing.Store(true)
}

// sendNext sends the client's next message of a closed loop. It returns the buffer.
func (c *client) sendNext(text []byte) []byte {
	p := c.pool.plan
	if c.pool.flight == 0 || p.closing.Load() {
		return text
	}
	n := uint64(len(p.senders))
	k := c.turn.Add(n) - n // message k is sent by sender k%n
	if k >= p.total {
		return text
	}
	text = p.command(text[:0], k)
	p.loop[k].Store(int64(p.now()))
	c.pool.ledger.Sent(k)
	c.send(k, text)
	return text
}
