package room

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// An APIWrite is a write through the HTTP API. The caller must check ids with wire.ValidRoom, wire.ValidUser and
// wire.ValidID.
type APIWrite struct {
	Room    string
	Kind    chat.EntryKind
	Author  chat.Author // author of the message, or moderator
	ID      string      // idempotency key, for each author separately; empty: none
	Target  string      // EntryEdit, EntryDelete: id of the message
	UserID  string      // EntryBulkDelete: author of the messages to delete
	Message string      // EntryMessage, EntryEdit: the text as received
}

// SubmitWrite stores and delivers a write like one of a client, but without rate limit, mute and slow mode. maxLength
// is the limit of the text in runes. It blocks until the write has a result or ctx ends.
func SubmitWrite(ctx context.Context, rooms *process.Process, maxLength int, w APIWrite) (chat.WriteResult, error) {
	cmd := &wire.Command{Type: w.Kind.Command(), ID: w.ID, Room: w.Room, MessageID: w.Target, UserID: w.UserID}
	if w.Kind.HasText() {
		text, code := wire.CleanText(w.Message, maxLength)
		if code != wire.CodeNone {
			return chat.WriteResult{Code: code}, nil
		}
		cmd.Message = text
	}
	return process.Ask(ctx, rooms, func(reply chan<- process.Answer[chat.WriteResult]) any {
		return &RoomMessage{w.Room, &WriteRequest{Cmd: cmd, Author: w.Author, reply: reply}}
	})
}
