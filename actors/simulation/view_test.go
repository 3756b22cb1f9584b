package simulation

import (
	"encoding/json"
	"fmt"

	"chatnode/actors/wire"
)

// roomView is one room as a client displays it.
type roomView struct {
	c            *client
	room         string
	joined       bool
	epoch        string
	seq          uint64
	joins        int  // join commands sent to resume or reload
	repairing    bool // after a failover, messages may be received again with a new seq
	resync       bool // a join is pending; frames before its answer are ignored
	shown        map[string]*shownMessage
	removed      map[string]bool // messages that were displayed and then deleted
	presentUsers int
	ownAck       wire.Position // largest position acknowledged to this connection
}

// shownMessage is a message on the screen.
type shownMessage struct {
	user, text  string
	provisional bool
}

func (v *roomView) String() string { return fmt.Sprintf("%s in %s", v.c.user, v.room) }

func (v *roomView) onFrame(f *serverFrame) {
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
		v.presentUsers = n.Guests + n.Members + n.Admins
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
		v.advance(f.Seq)
		if m := decodeMessage(f.Data); v.shown[m.ID] != nil {
			v.shown[m.ID].text = m.Message
		}
	case "message_deleted":
		if m := v.shown[f.MessageID]; f.TakenBack && m != nil && !m.provisional { // the history already contains it
			return
		}
		v.advance(f.Seq)
		v.removed[f.MessageID] = true
		delete(v.shown, f.MessageID)
	case "bulk_delete":
		v.advance(f.Seq)
		for id, m := range v.shown {
			if m.user == f.UserID {
				v.removed[id] = true
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

type messageData struct{ ID, UserID, Message string }

func decodeMessage(b []byte) (m messageData) {
	_ = json.Unmarshal(b, &m)
	return m
}

// rejoin sends a join to reload the room, or to resume it if cmd.HasSince is set. Frames before the answer to the
// last join are ignored.
func (v *roomView) rejoin(cmd wire.Command) {
	v.resync = true
	v.joins++
	cmd.Type, cmd.Room, cmd.ID = wire.Join, v.room, fmt.Sprint("j", v.joins)
	v.c.post(cmd)
}

func (v *roomView) onJoined(f *serverFrame) {
	if v.resync && f.ID != fmt.Sprint("j", v.joins) {
		return
	}
	if f.Recovered && f.Epoch != v.epoch {
		v.c.sim.failf("INV-2: %v was resumed in another epoch", v)
	}
	for id, m := range v.shown { // provisional messages belong to the previous node; this node sends its own
		if m.provisional || !f.Recovered {
			delete(v.shown, id)
		}
	}
	if !f.Recovered {
		v.seq = f.Seq
	}
	v.repairing = v.repairing && f.Recovered
	v.epoch, v.resync = f.Epoch, false
	if !v.joined {
		v.joined = true
		v.c.retry(v.room)
	}
}

func (v *roomView) onHistory(f *serverFrame) {
	var list []messageData
	_ = json.Unmarshal(f.Data, &list)
	for _, m := range list {
		v.shown[m.ID] = &shownMessage{user: m.UserID, text: m.Message}
	}
}

func (v *roomView) onMessage(f *serverFrame) {
	m := decodeMessage(f.Data)
	v.c.sim.recordText(m)
	switch old := v.shown[m.ID]; {
	case old == nil:
		for id, o := range v.shown {
			if o.text == m.Message && !v.c.sim.plan.rewinds && (f.Seq > 0 || v.c.sim.redis.room(v.room).isRecent(id)) {
				v.c.sim.failf("INV-3: %v displays %q twice, as %s and as %s", v, m.Message, id, m.ID)
			}
		}
		v.shown[m.ID] = &shownMessage{user: m.UserID, text: m.Message, provisional: f.Seq == 0}
		v.advance(f.Seq)
	case old.provisional: // it has a seq now, or was sent once more
		old.provisional = f.Seq == 0
		old.text = m.Message
		v.advance(f.Seq)
	case v.c.sim.redis.storedAgain[m.ID] || v.repairing: // a failover lost it, and it has a new seq
		v.advance(f.Seq)
	default:
		v.c.sim.failf("INV-3: %v received %s again, with seq %d", v, m.ID, f.Seq)
	}
}

// recordText records the original text of a message that Redis has not stored yet.
func (s *sim) recordText(m messageData) {
	if s.redis.originalText[m.ID] == "" {
		s.redis.originalText[m.ID] = m.Message
	}
}

func (v *roomView) onCommitted(f *serverFrame, m wire.CommittedSeq) {
	known := v.shown[m.ID]
	if known == nil {
		if !v.c.sim.plan.rewinds && !v.removed[m.ID] {
			v.c.sim.failf("INV-4: %v received committed for %s at seq %d, which it never displayed", v, m.ID, m.Seq)
		}
		v.repairing = true // the resume sends it
		v.rejoin(wire.Command{HasSince: true, Since: wire.Position{Epoch: v.epoch, Seq: v.seq}})
		return
	}
	known.provisional = false
	if f.Epoch == v.epoch && m.Seq <= v.seq { // it already has a seq before the current one
		return
	}
	v.epoch = f.Epoch
	v.advance(m.Seq)
}

// advance checks that seq follows the last one, and sets it. A seq of 0 marks a provisional message.
func (v *roomView) advance(seq uint64) {
	if seq == 0 {
		return
	}
	if seq <= v.seq {
		v.c.sim.failf("INV-3: %v on %s: seq %d received again after %d", v, v.c.node.name, seq, v.seq)
	}
	if seq > v.seq+1 {
		v.c.sim.failf("INV-2: %v on %s: seq %d received after %d", v, v.c.node.name, seq, v.seq)
	}
	v.seq = seq
}
