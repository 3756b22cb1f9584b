package main

import (
	"fmt"

	"chatnode/ops/loadtest/frame"
	"chatnode/ops/loadtest/ledger"

	"github.com/lxzan/gws"
)

// backfill is the id of a witness's requests for history.
const backfill = "backfill"

// onJoined is the answer to the join of the URL, or to a rejoin after a resync.
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
	t := c.fleet.tally
	t.open.Add(1)
	t.joining.Record(c.index, c.fleet.plan.now()-c.dialled)
	if c.epoch == "" {
		t.ready.Add(1)
		return
	}
	t.reconnects.Add(1)
	if recovered {
		t.recovered.Add(1)
	}
}

// rejoin asks for the room's history anew: frames cannot bring the client up to date.
func (c *client) rejoin(socket *gws.Conn) {
	c.track.Reload()
	put(socket, fmt.Appendf(nil, `{"type":"join","room":%q}`, c.room.name))
}

// history takes the page of a join, or the next page of a witness's way back.
func (c *client) history(socket *gws.Conn, f *frame.Frame) {
	if string(f.ID) == backfill {
		c.goBack(socket, f, c.entries(f))
		return
	}
	if c.track.Ready() {
		return
	}
	old, before := c.number, c.track.Seq()
	c.number, c.epoch = c.room.epoch(f.Epoch)
	isFirst := c.at.Load() == 0
	c.fleet.tally.verdict(c.track.Load(f.Seq, c.number != old || isFirst))
	c.moved()
	first := c.entries(f)
	if isFirst {
		return
	}
	c.fleet.tally.reloads.Add(1)
	if c.room.witness == c {
		c.floor = 0
		if c.number == old {
			c.floor = before
		}
		c.goBack(socket, f, first)
	}
}

// goBack asks for the page before, until the witness has what the reload has skipped.
func (c *client) goBack(socket *gws.Conn, f *frame.Frame, first uint64) {
	if f.More && first > c.floor+1 {
		put(socket, fmt.Appendf(nil, `{"type":"history","id":%q,"room":%q,"before":%d,"limit":200}`, backfill, c.room.name, first))
	}
}

// entries notes the messages of a page and returns the lowest seq of them, 0 where there are none.
func (c *client) entries(f *frame.Frame) (first uint64) {
	list, err := f.Entries()
	if err != nil {
		c.fleet.tally.malformed.Add(1)
		return 0
	}
	for i, e := range list {
		if i == 0 || e.Seq < first {
			first = e.Seq
		}
		if k, ours := c.fleet.plan.inName([]byte(e.Message)); ours {
			c.fleet.ledger.Shown(k, ledger.At(c.number, e.Seq))
		}
	}
	return first
}

// committed takes the places that provisional messages got.
func (c *client) committed(f *frame.Frame) {
	list, err := f.Commits()
	if err != nil {
		c.fleet.tally.malformed.Add(1)
	}
	for _, commit := range list {
		c.place(commit.Seq)
	}
}
