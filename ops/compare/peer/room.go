package main

import (
	"net"
	"slices"
	"sync"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

// A room gives its messages their order. The mutex is held while a message is handed to the fanout, so
// members are shown that order.
type room struct {
	name string

	mu     sync.Mutex
	seq    uint64
	fanout fanout
}

// A member is one connection in a room, and what the modes keep with it.
type member struct {
	conn  *gws.Conn
	raw   net.Conn // below conn, for whole frames
	place int      // in the roll
	had   int64    // log: bytes of the room's log that it has had
	queue *queue   // writers
}

// A roll is the members of a room, in no order.
type roll []*member

func (r *roll) add(m *member) {
	m.place = len(*r)
	*r = append(*r, m)
}

func (r *roll) remove(m *member) {
	all := *r
	last := all[len(all)-1]
	all[m.place], last.place = last, m.place
	all[len(all)-1] = nil
	*r = all[:len(all)-1]
}

// A fanout is how messages reach the members of one room. The room calls it one call at a time.
type fanout interface {
	add(m *member)
	remove(m *member)
	// send hands over the payload of one frame, which is the fanout's from then on.
	send(payload []byte)
}

// join greets the connection and adds it: what comes after the position it is told is sent to it.
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
	m := &member{conn: conn, raw: conn.NetConn()}
	r.fanout.add(m)
	return m, nil
}

func (r *room) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fanout.remove(m)
}

// say gives a message the next place and hands it to the members.
func (r *room) say(m *wire.Message) (seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	r.fanout.send(wire.AppendNewMessage(nil, r.name, r.seq, m, false))
	return r.seq
}

// frame is a payload as one whole text frame of a server.
func frame(payload []byte) []byte {
	return slices.Clip(wire.Seal(append(wire.Begin(nil), payload...)))
}
