package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

const (
	pingMs    = 25000
	memberKey = "member" // of a connection's session

	modeLog         = "log"
	modeWriters     = "writers"
	modeBroadcaster = "broadcaster"
)

// server is all rooms. Rooms are never deleted. Write errors are ignored in this package, because the read loop of
// the connection ends too.
type server struct {
	gws.BuiltinEventHandler
	mode   string
	lastID atomic.Uint64

	mu    sync.Mutex
	rooms map[string]*room
}

func newServer(mode string) (*server, error) {
	if !slices.Contains([]string{modeLog, modeWriters, modeBroadcaster}, mode) {
		return nil, fmt.Errorf("unknown mode %q", mode)
	}
	return &server{mode: mode, rooms: map[string]*room{}}, nil
}

// join makes a connection a member of a room.
func (s *server) join(conn *gws.Conn, name string) error {
	if err := conn.WriteMessage(gws.OpcodeText, wire.AppendConnected(nil, &wire.Connected{PingMs: pingMs})); err != nil {
		return err
	}
	s.mu.Lock()
	r := s.rooms[name]
	if r == nil {
		r = newRoom(strings.Clone(name), s.mode)
		s.rooms[r.name] = r
	}
	s.mu.Unlock()
	m, err := r.join(conn)
	if err == nil {
		conn.Session().Store(memberKey, m)
	}
	return err
}

// OnClose implements gws.Event.
func (s *server) OnClose(conn *gws.Conn, _ error) {
	if m, ok := conn.Session().Load(memberKey); ok {
		m.(*member).room.leave(m.(*member))
	}
}

// OnPing implements gws.Event.
func (s *server) OnPing(conn *gws.Conn, payload []byte) { _ = conn.WritePong(payload) }

// OnMessage implements gws.Event: a ping, or a message to the room.
func (s *server) OnMessage(conn *gws.Conn, frame *gws.Message) {
	cmd, err := wire.Decode(frame.Bytes())
	_ = frame.Close() // it only returns the buffer to its pool
	m, ok := conn.Session().Load(memberKey)
	if err != nil || !ok {
		return
	}
	if cmd.Type == wire.Ping {
		_ = conn.WriteMessage(gws.OpcodeText, wire.AppendPong(nil, cmd.T))
	}
	if cmd.Type == wire.SendMessage {
		r, id := m.(*member).room, strconv.FormatUint(s.lastID.Add(1), 10)
		seq := r.publish(&wire.Message{ID: id, Text: cmd.Message, At: time.Now().UnixMilli()})
		ack := wire.AppendAck(nil, &wire.Ack{ID: cmd.ID, Room: r.name, MessageID: id, Seq: seq, Stored: wire.StoredLocal})
		_ = conn.WriteMessage(gws.OpcodeText, ack)
	}
}
