package session

import (
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

type (
	malformedFrame struct { // a frame that did not decode
		id   string
		code wire.Code
	}
)

type (
	readerClosed struct{ err error } // the read loop has ended
)

type (
	tokenExpiringTick struct{} // tick: the token is about to end
)

type (
	tokenExpiredTick struct{} // tick: the token has ended
)

type (
	CloseSession struct { // close the connection
		Code   uint16
		Reason string
	}
)

// Kind is the kind of the session actor.
var Kind = process.Kind{Name: "session", Capacity: 64, Many: true, Parent: DirectoryKind.Name}

// DirectoryKind is the kind of the clients actor.
var DirectoryKind = process.Kind{Name: "clients", Capacity: 16384}
