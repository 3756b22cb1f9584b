package main

import (
	"slices"
	"sync"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

const epoch = "peer"

// room assigns the order of messages and sends them to the members in one of the modes.
type room struct {
	name, mode string

	mu      sync.Mutex
	seq     uint64
	members []*member // unordered
	log     *roomLog  // mode log
}

// member is one connection in a room.
type member struct {
	conn  *gws.Conn
	room  *room
	index int    // in room.members
	sent  int64  // mode log: bytes of the log that were written to the connection
	queue *queue // mode writers
}

func newRoom(name, mode string) *room {
	r := &room{name: name, mode: mode}
	if mode == modeLog {
		r.log = &roomLog{wake: make(chan struct{}, 1)}
		go r.run() // until the process ends, because rooms are never deleted
	}
	return r
}

// join adds a connection, which receives the messages after the position in its joined frame.
func (r *room) join(conn *gws.Conn) (*member, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := wire.Position{Epoch: epoch, Seq: r.seq}
	if err := conn.WriteMessage(gws.OpcodeText, wire.AppendJoined(nil, "", r.name, at, false, 0)); err != nil {
		return nil, err
	}
	if err := conn.WriteMessage(gws.OpcodeText, wire.AppendHistory(nil, "", r.name, at, nil, false)); err != nil {
		return nil, err
	}
	m := &member{conn: conn, room: r, index: len(r.members)}
	r.members = append(r.members, m)
	switch r.mode {
	case modeLog:
		m.sent = r.log.end()
	case modeWriters:
		m.queue = &queue{wake: make(chan struct{}, 1)}
		go m.queue.run(conn)
	}
	return m, nil
}

func (r *room) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.members[len(r.members)-1]
	r.members[m.index], last.index = last, m.index
	r.members = slices.Delete(r.members, len(r.members)-1, len(r.members))
	if m.queue != nil {
		close(m.queue.wake) // publish holds mu too
	}
}

// publish assigns the next seq to a message and sends it to the members.
func (r *room) publish(msg *wire.Message) (seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	payload := wire.AppendNewMessage(nil, r.name, r.seq, msg, false)
	if r.mode == modeBroadcaster {
		b := gws.NewBroadcaster(gws.OpcodeText, payload)
		defer b.Close()
		for _, m := range r.members {
			_ = b.Broadcast(m.conn)
		}
		return r.seq
	}
	frame := slices.Clip(wire.Seal(append(wire.Begin(nil), payload...)))
	if r.mode == modeLog {
		r.log.add(frame)
		return r.seq
	}
	for _, m := range r.members {
		m.queue.push(frame)
	}
	return r.seq
}
