package session

import (
	"chatnode/actors/wire"
)

type (
	malformed struct { // a frame that did not decode
		id   string
		code wire.Code
	}
)

type (
	gone struct{ err error } // the read loop has ended
)

type (
	expiring struct{} // tick: the token is about to end
)

type (
	expired struct{} // tick: the token has ended
)

type (
	Dismiss struct { // close the connection
		Code   uint16
		Reason string
	}
)

const (
	KindSession = "session"
)

const (
	KindClients = "clients"
)
