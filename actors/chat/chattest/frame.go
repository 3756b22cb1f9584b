package chattest

import (
	"fmt"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Frame returns the frame that delivers an entry to clients. It panics if the kind is unknown.
func Frame(room string, e *chat.Entry) []byte {
	switch e.Kind {
	case chat.EntryMessage:
		return wire.AppendNewMessage(nil, room, e.Seq, &e.Message, false)
	case chat.EntryEdit:
		return wire.AppendMessageUpdated(nil, room, e.Seq, &e.Message)
	case chat.EntryDelete:
		return wire.AppendMessageDeleted(nil, room, e.Seq, e.Message.ID)
	case chat.EntryBulkDelete:
		return wire.AppendBulkDelete(nil, room, e.Seq, e.UserID, e.Count)
	}
	panic(fmt.Sprintf("chattest: kind %d has no frame", e.Kind))
}
