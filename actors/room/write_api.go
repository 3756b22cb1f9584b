package room

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// An APIWrite is a write that comes by no socket. Room, users and other ids must be valid as
// wire.ValidRoom, wire.ValidUser and wire.ValidID have it.
type APIWrite struct {
	Room    string
	Kind    chat.EntryKind
	Author  chat.Author // KindMessage: in whose name; else who orders it
	ID      string      // idempotency key, the author's own; empty: none
	Target  string      // KindEdit, KindDelete: the message
	UserID  string      // KindBulkDelete: whose messages go
	Message string      // KindMessage, KindEdit: the text, as it was sent
}

var commandOf = map[chat.EntryKind]wire.CommandType{
	chat.EntryMessage: wire.SendMessage, chat.EntryEdit: wire.EditMessage, chat.EntryDelete: wire.DeleteMessage, chat.EntryBulkDelete: wire.BulkDelete,
}

// SubmitWrite stores and delivers a write as if a client had sent it, but that no rate limit, mute or slow mode
// holds it back. While Redis is lost it goes to the journal, as a client's does.
func SubmitWrite(ctx context.Context, rooms *process.Process, maxLength int, w APIWrite) (chat.WriteResult, error) {
	cmd := &wire.Command{Type: commandOf[w.Kind], ID: w.ID, Room: w.Room, MessageID: w.Target, UserID: w.UserID}
	if w.Kind == chat.EntryMessage || w.Kind == chat.EntryEdit {
		text, code := wire.CleanText(w.Message, maxLength)
		if code != wire.CodeNone {
			return chat.WriteResult{Code: code}, nil
		}
		cmd.Message = text
	}
	return process.Ask(ctx, rooms, func(reply chan<- process.Answer[chat.WriteResult]) any {
		return RoomMessage{w.Room, &WriteRequest{Cmd: cmd, Author: w.Author, reply: reply}}
	})
}
