package main

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

const (
	readBuffer = 1024 // bytes a connection, as chatnode has
	pingMs     = 25000
	epoch      = "peer"
	roomKey    = "room"
	memberKey  = "member"
)

// A hall is all rooms of the server.
type hall struct {
	gws.BuiltinEventHandler
	fanout func() fanout
	serial atomic.Uint64

	mu    sync.Mutex
	rooms map[string]*room
}

func newHall(mode string) (*hall, error) {
	h := &hall{rooms: map[string]*room{}}
	switch mode {
	case "log":
		h.fanout = newLog
	case "writers":
		h.fanout = newWriters
	case "broadcaster":
		h.fanout = newBroadcaster
	default:
		return nil, errMode
	}
	return h, nil
}

// room finds or makes a room. Rooms stay.
func (h *hall) room(name string) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[name]
	if r == nil {
		r = &room{name: strings.Clone(name), fanout: h.fanout()}
		h.rooms[r.name] = r
	}
	return r
}

// enter greets a connection and makes it a member.
func (h *hall) enter(conn *gws.Conn, name string) error {
	hello := wire.AppendConnected(nil, &wire.Connected{PingMs: pingMs})
	if err := conn.WriteMessage(gws.OpcodeText, hello); err != nil {
		return err
	}
	r := h.room(name)
	m, err := r.join(conn)
	if err != nil {
		return err
	}
	conn.Session().Store(roomKey, r)
	conn.Session().Store(memberKey, m)
	return nil
}

// OnClose implements gws.Event.
func (h *hall) OnClose(conn *gws.Conn, _ error) {
	if r, m, ok := of(conn); ok {
		r.leave(m)
	}
}

// OnPing implements gws.Event.
func (h *hall) OnPing(conn *gws.Conn, payload []byte) { _ = conn.WritePong(payload) } // where it fails the read loop ends

// OnMessage implements gws.Event: a ping, or a message for the room.
func (h *hall) OnMessage(conn *gws.Conn, frame *gws.Message) {
	cmd, err := wire.Decode(frame.Bytes())
	_ = frame.Close() // it gives a buffer back and cannot fail
	r, _, ok := of(conn)
	if err != nil || !ok {
		return
	}
	switch cmd.Type {
	case wire.Ping:
		_ = conn.WriteMessage(gws.OpcodeText, wire.AppendPong(nil, cmd.T)) // where it fails the read loop ends
	case wire.SendMessage:
		id := strconv.FormatUint(h.serial.Add(1), 10)
		seq := r.say(&wire.Message{ID: id, Text: cmd.Message, At: time.Now().UnixMilli()})
		ack := wire.AppendAck(nil, &wire.Ack{ID: cmd.ID, Room: r.name, MessageID: id, Seq: seq, Stored: wire.StoredLocal})
		_ = conn.WriteMessage(gws.OpcodeText, ack) // where it fails the read loop ends
	}
}

func of(conn *gws.Conn) (*room, *member, bool) {
	r, ok := conn.Session().Load(roomKey)
	if !ok {
		return nil, nil, false
	}
	m, ok := conn.Session().Load(memberKey)
	if !ok {
		return nil, nil, false
	}
	return r.(*room), m.(*member), true
}
