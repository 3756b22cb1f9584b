package main

import (
	"fmt"

	"chatnode/ops/loadtest/frame"
	"chatnode/ops/loadtest/ledger"

	"github.com/lxzan/gws"
)

// backfill is the id of the history requests of a witness.
const backfillID = "backfill"

// onJoined handles the join of the URL, or a join after a resync.
func (c *client) onJoined(socket *gws.Conn, f *frame.Frame) {
	if !f.Recovered {
		c.track.Reload()
	}
	c.tries, c.slot = 0, 0
	if c.isJoined() {
		return
	}
	c.countJoin(f.Recovered)
	if c.epoch == "" {
		c.number, c.epoch = c.room.epoch(f.Epoch)
	}
	c.resend(socket)
}

func (c *client) countJoin(recovered bool) {
	t := c.pool.counters
	t.open.Add(1)
	t.joining.Record(c.index, c.pool.plan.now()-c.dialled)
	if c.epoch == "" {
		t.ready.Add(1)
		return
	}
	t.reconnects.Add(1)
	if recovered {
		t.recovered.Add(1)
	}
}

// rejoin loads the history of the room again, because the client cannot continue at its position.
func (c *client) rejoin(socket *gws.Conn) {
	c.track.Reload()
	put(socket, fmt.Appendf(nil, `{"type":"join","room":%q}`, c.room.name))
}

// history handles the page of a join, or the next page that a witness requested.
func (c *client) history(socket *gws.Conn, f *frame.Frame) {
	if string(f.ID) == backfillID {
		c.backfill(socket, f, c.entries(f))
		return
	}
	if c.track.Ready() {
		return
	}
	old, before := c.number, c.track.Seq()
	c.number, c.epoch = c.room.epoch(f.Epoch)
	isFirst := c.at.Load() == 0
	c.pool.counters.verdict(c.track.Load(f.Seq, c.number != old || isFirst))
	c.publish()
	first := c.entries(f)
	if isFirst {
		return
	}
	c.pool.counters.reloads.Add(1)
	if c.room.witness == c {
		c.floor = 0
		if c.number == old {
			c.floor = before
		}
		c.backfill(socket, f, first)
	}
}

// backfill requests the page before, until the witness has the entries that the reload skipped.
func (c *client) backfill(socket *gws.Conn, f *frame.Frame, first uint64) {
	if f.More && first > c.floor+1 {
		put(socket, fmt.Appendf(nil, `{"type":"history","id":%q,"room":%q,"before":%d,"limit":200}`, backfillID, c.room.name, first))
	}
}

// entries records the messages of a page and returns the lowest seq, or 0 for an empty page.
func (c *client) entries(f *frame.Frame) (first uint64) {
	list, err := f.Entries()
	if err != nil {
		c.pool.counters.malformed.Add(1)
		return 0
	}
	for i, e := range list {
		if i == 0 || e.Seq < first {
			first = e.Seq
		}
		if k, ours := c.pool.plan.inName([]byte(e.Message)); ours {
			c.pool.ledger.Shown(k, ledger.At(c.number, e.Seq))
		}
	}
	return first
}

// committed handles the seqs of provisional messages.
func (c *client) committed(f *frame.Frame) {
	list, err := f.Commits()
	if err != nil {
		c.pool.counters.malformed.Add(1)
	}
	for _, commit := range list {
		c.position(commit.Seq)
	}
}
