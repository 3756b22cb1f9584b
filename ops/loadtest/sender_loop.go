package main

import (
	"context"
	"time"
)

// sendInTurn keeps every sender's messages unanswered for so long: who gets an answer sends the next one.
// What comes of it is how much the nodes take, not how late they are at a given rate.
func (f *fleet) sendInTurn(ctx context.Context, d time.Duration) {
	f.plan.begin.Store(int64(f.plan.now()))
	var text []byte
	for range f.flight {
		for _, c := range f.plan.senders {
			text = c.goOn(text)
		}
	}
	pause(ctx.Done(), d-(f.plan.now()-time.Duration(f.plan.begin.Load())))
	f.plan.closing.Store(true)
}

// goOn sends the client's next message of a closed loop. It returns the buffer.
func (c *client) goOn(text []byte) []byte {
	p := c.fleet.plan
	if c.fleet.flight == 0 || p.closing.Load() {
		return text
	}
	n := uint64(len(p.senders))
	k := c.turn.Add(n) - n // message k is that of sender k%n
	if k >= p.total {
		return text
	}
	text = p.command(text[:0], k)
	p.loop[k].Store(int64(p.now()))
	c.fleet.ledger.Sent(k)
	c.send(k, text)
	return text
}
