package session

import (
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Kind is the kind of the session actor.
var Kind = process.Kind{Name: "session", Capacity: 64, Many: true, Parent: DirectoryKind.Name}

// DirectoryKind is the kind of the directory actor.
var DirectoryKind = process.Kind{Name: "clients", Capacity: 16384}

// Messages to a session. All of them are sent as pointers, also *wire.Command of the reader, and *room.JoinAccepted
// and
// *room.JoinCanceled of the rooms.
type (
	malformedFrame struct { // the reader received a frame that it could not decode
		id   string // empty: not decoded
		code wire.Code
	}
	readerClosed struct{ err error } // the reader of the connection has ended
	// CloseSession closes the connection.
	CloseSession struct {
		Code   uint16
		Reason string
	}
	tokenExpiringTick struct{} // expiryNotice before the token ends
	tokenExpiredTick  struct{} // the token has ended
)

// Messages to the directory. All of them are sent by value, also chat.Control of the moderation.
type (
	clientConnected    struct{ client *fanout.Client }
	clientDisconnected struct{ client *fanout.Client }
)
