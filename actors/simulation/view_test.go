package simulation

import (
	"encoding/json"
	"fmt"

	"chatnode/actors/wire"
)

// simView is one room on a user's screen.
type simView struct {
	c         *simClient
	room      string
	joined    bool
	epoch     string
	pos       uint64
	joins     int  // requests to join again
	repairing bool // a failover has moved messages: they may come again at their new places
	resync    bool // asked to reload, not yet reloaded
	shown     map[string]*simMessage
	gone      map[string]bool // messages that it was shown, and told to remove
	present   int
	own       wire.Position // what was acknowledged by this connection
}

type simMessage struct {
	user, text string
	early      bool // provisional
}

func (v *simView) String() string { return fmt.Sprintf("%s in %s", v.c.user, v.room) }

func (v *simView) frame(f *simFrame) {
	switch f.Type {
	case "joined":
		v.onJoined(f)
		return
	case "resync":
		v.rejoin(wire.Command{})
		return
	case "presence":
		var n wire.Counts
		_ = json.Unmarshal(f.Data, &n)
		v.present = n.Guests + n.Members + n.Admins
		return
	}
	if v.resync {
		return
	}
	switch f.Type {
	case "message_history":
		v.onHistory(f)
	case "new_message":
		v.onMessage(f)
	case "message_updated":
		v.step(f.Seq)
		if m := messageIn(f.Data); v.shown[m.ID] != nil {
			v.shown[m.ID].text = m.Message
		}
	case "message_deleted":
		if m := v.shown[f.MessageID]; f.TakenBack && m != nil && !m.early { // the history has brought it meanwhile
			return
		}
		v.step(f.Seq)
		v.gone[f.MessageID] = true
		delete(v.shown, f.MessageID)
	case "bulk_delete":
		v.step(f.Seq)
		for id, m := range v.shown {
			if m.user == f.UserID {
				v.gone[id] = true
				delete(v.shown, id)
			}
		}
	case "committed":
		var list []wire.CommittedSeq
		_ = json.Unmarshal(f.Data, &list)
		for _, m := range list {
			v.onCommitted(f, m)
		}
	}
}

type simData struct{ ID, UserID, Message string }

func messageIn(b []byte) (m simData) {
	_ = json.Unmarshal(b, &m)
	return m
}

// rejoin asks to reload or to resume. What comes before the answer to the last such request is overtaken.
func (v *simView) rejoin(cmd wire.Command) {
	v.resync = true
	v.joins++
	cmd.Type, cmd.Room, cmd.ID = wire.Join, v.room, fmt.Sprint("j", v.joins)
	v.c.post(cmd)
}

func (v *simView) onJoined(f *simFrame) {
	if v.resync && f.ID != fmt.Sprint("j", v.joins) {
		return
	}
	if f.Recovered && f.Epoch != v.epoch {
		v.c.sim.fail("INV-2: %v: recovered into another epoch", v)
	}
	for id, m := range v.shown { // they belong to the node that showed them; this one shows its own again
		if m.early || !f.Recovered {
			delete(v.shown, id)
		}
	}
	if !f.Recovered {
		v.pos = f.Seq
	}
	v.repairing = v.repairing && f.Recovered
	v.epoch, v.resync = f.Epoch, false
	if !v.joined {
		v.joined = true
		v.c.retry(v.room)
	}
}

func (v *simView) onHistory(f *simFrame) {
	var list []simData
	_ = json.Unmarshal(f.Data, &list)
	for _, m := range list {
		v.shown[m.ID] = &simMessage{user: m.UserID, text: m.Message}
	}
}

func (v *simView) onMessage(f *simFrame) {
	m := messageIn(f.Data)
	v.c.sim.learn(m)
	switch old := v.shown[m.ID]; {
	case old == nil:
		for id, o := range v.shown {
			if o.text == m.Message && !v.c.sim.plan.rewinds && (f.Seq > 0 || v.c.sim.redis.room(v.room).recent(id)) {
				v.c.sim.fail("INV-3: %v is shown %q twice: as %s and as %s", v, m.Message, id, m.ID)
			}
		}
		v.shown[m.ID] = &simMessage{user: m.UserID, text: m.Message, early: f.Seq == 0}
		v.step(f.Seq)
	case old.early: // now in its place; or once more
		old.early = f.Seq == 0
		old.text = m.Message
		v.step(f.Seq)
	case v.c.sim.redis.again[m.ID] || v.repairing: // a failover lost it: it has moved, as PROTOCOL.md says
		v.step(f.Seq)
	default:
		v.c.sim.fail("INV-3: %v is shown %s twice: at %d", v, m.ID, f.Seq)
	}
}

// learn notes the text that a message was written with, where it was not stored yet.
func (s *sim) learn(m simData) {
	if s.redis.origin[m.ID] == "" {
		s.redis.origin[m.ID] = m.Message
	}
}

func (v *simView) onCommitted(f *simFrame, m wire.CommittedSeq) {
	known := v.shown[m.ID]
	if known == nil {
		if !v.c.sim.plan.rewinds && !v.gone[m.ID] {
			v.c.sim.fail("INV-4: %v: %s is committed at %d and was never shown", v, m.ID, m.Seq)
		}
		v.repairing = true // the protocol's gap repair brings it
		v.rejoin(wire.Command{HasSince: true, Since: wire.Position{Epoch: v.epoch, Seq: v.pos}})
		return
	}
	known.early = false
	if f.Epoch == v.epoch && m.Seq <= v.pos { // its place is further up
		return
	}
	v.epoch = f.Epoch
	v.step(m.Seq)
}

// step is the gap check: every seq is the one after the last.
func (v *simView) step(seq uint64) {
	if seq == 0 { // it has no place yet
		return
	}
	if seq <= v.pos {
		v.c.sim.fail("INV-3: %v on %s: seq %d comes again after %d", v, v.c.node.name, seq, v.pos)
	}
	if seq > v.pos+1 {
		v.c.sim.fail("INV-2: %v on %s: seq %d follows %d", v, v.c.node.name, seq, v.pos)
	}
	v.pos = seq
}
