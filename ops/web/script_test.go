package web

import (
	"fmt"
	"time"

	"chatnode/actors/wire"
)

// This file creates the frames of the scenes with the encoder of the server.

const epoch = "e1"

// noon is the time of the messages in the tests.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// adaConnected returns the frame `connected` of user Ada.
func adaConnected() *wire.Connected {
	return &wire.Connected{
		UserID: "u-ada", UserName: "Ada Lovelace", Role: "member", SessionID: "s-1", InstanceID: "chat-1", PingMs: 25_000,
		Limits: wire.Limits{MaxMessageLength: 2000, MaxFrameBytes: 16_384, RateMessages: 10, RateWindowMs: 1000},
	}
}

func (p *peer) sendConnected() { p.send(wire.AppendConnected(nil, adaConnected())) }

// sendRoom sends the result of a new join, with a history of messages 1 to n.
func (p *peer) sendRoom(room string, n int) {
	p.send(wire.AppendJoined(nil, "", room, wire.Position{Epoch: epoch, Seq: uint64(n)}, false, 0))
	p.sendHistory("", room, 1, n, false)
}

// sendResumed sends the result of a join that resumes at seq from. The last seq of the room is to.
func (p *peer) sendResumed(id, room string, from, to int) {
	p.send(wire.AppendJoined(nil, id, room, wire.Position{Epoch: epoch, Seq: uint64(to)}, true, to-from))
}

func (p *peer) sendHistory(id, room string, from, to int, more bool) {
	var data []wire.HistoryItem
	for seq := from; seq <= to; seq++ {
		data = append(data, wire.HistoryItem{Seq: uint64(seq), Message: bobMessage(seq)})
	}
	p.send(wire.AppendHistory(nil, id, room, wire.Position{Epoch: epoch, Seq: uint64(to)}, data, more))
}

// sendBobMessage sends new_message with this seq by Bob to the room "global".
func (p *peer) sendBobMessage(seq int) {
	m := bobMessage(seq)
	p.send(wire.AppendNewMessage(nil, "global", uint64(seq), &m, false))
}

// sendAdaMessage sends new_message by Ada to the room "global".
func (p *peer) sendAdaMessage(seq int, id, text string) {
	m := adaMessage(id, text)
	p.send(wire.AppendNewMessage(nil, "global", uint64(seq), &m, false))
}

func (p *peer) sendAck(cmd wire.Command, seq int, id string) {
	p.send(wire.AppendAck(nil, &wire.Ack{ID: cmd.ID, Room: cmd.Room, MessageID: id, Seq: uint64(seq), Stored: wire.StoredLocal}))
}

// bobMessage returns the message of Bob with this seq: id "m<seq>", text "message <seq>".
func bobMessage(seq int) wire.Message {
	at := noon.Add(time.Duration(seq) * time.Second).UnixMilli()
	return wire.Message{ID: fmt.Sprintf("m%d", seq), UserID: "u-bob", UserName: "Bob", Text: fmt.Sprintf("message %d", seq), At: at}
}

func adaMessage(id, text string) wire.Message {
	return wire.Message{ID: id, UserID: "u-ada", UserName: "Ada Lovelace", Text: text, At: time.Now().UnixMilli()}
}
