package web

import (
	"fmt"
	"time"

	"chatnode/actors/wire"
)

// The frames that scenes are made of, spelled by the real encoder.

const epoch = "e1"

// noon is when the messages of the tests were written.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// ada is the user of the page.
func ada() *wire.Connected {
	return &wire.Connected{
		UserID: "u-ada", UserName: "Ada Lovelace", Role: "member", SessionID: "s-1", InstanceID: "chat-1", PingMs: 25_000,
		Limits: wire.Limits{MaxMessageLength: 2000, MaxFrameBytes: 16_384, RateMessages: 10, RateWindowMs: 1000},
	}
}

func (p *peer) connected() { p.send(wire.AppendConnected(nil, ada())) }

// room is a fresh join with a history of messages 1 to n.
func (p *peer) room(room string, n int) {
	p.send(wire.AppendJoined(nil, "", room, wire.Position{Epoch: epoch, Seq: uint64(n)}, false, 0))
	p.history("", room, 1, n, false)
}

// resumed is a join that goes on at from, at a room that stands at to.
func (p *peer) resumed(id, room string, from, to int) {
	p.send(wire.AppendJoined(nil, id, room, wire.Position{Epoch: epoch, Seq: uint64(to)}, true, to-from))
}

func (p *peer) history(id, room string, from, to int, more bool) {
	var data []wire.Placed
	for seq := from; seq <= to; seq++ {
		data = append(data, wire.Placed{Seq: uint64(seq), Message: bobs(seq)})
	}
	p.send(wire.AppendHistory(nil, id, room, wire.Position{Epoch: epoch, Seq: uint64(to)}, data, more))
}

// message is new_message seq of the room "global", by Bob.
func (p *peer) message(seq int) {
	m := bobs(seq)
	p.send(wire.AppendNewMessage(nil, "global", uint64(seq), &m, false))
}

// deliver is a new_message of Ada's in the room "global".
func (p *peer) deliver(seq int, id, text string) {
	m := adas(id, text)
	p.send(wire.AppendNewMessage(nil, "global", uint64(seq), &m, false))
}

func (p *peer) ack(cmd wire.Command, seq int, id string) {
	p.send(wire.AppendAck(nil, &wire.Ack{ID: cmd.ID, Room: cmd.Room, MessageID: id, Seq: uint64(seq), Stored: wire.StoredLocal}))
}

// bobs is Bob's message with this seq: id "m<seq>", text "message <seq>".
func bobs(seq int) wire.Message {
	at := noon.Add(time.Duration(seq) * time.Second).UnixMilli()
	return wire.Message{ID: fmt.Sprintf("m%d", seq), UserID: "u-bob", UserName: "Bob", Text: fmt.Sprintf("message %d", seq), At: at}
}

func adas(id, text string) wire.Message {
	return wire.Message{ID: id, UserID: "u-ada", UserName: "Ada Lovelace", Text: text, At: time.Now().UnixMilli()}
}
