package chat

import (
	"chatnode/actors/wire"
)

// An ConnectRequest is a connection that was upgraded and now asks to be served.
type ConnectRequest struct {
	Socket   Socket
	Identity Identity
	Room     string        // joined at once; empty: DefaultRoom
	Since    wire.Position // where to resume in Room, if HasSince
	HasSince bool
	RemoteIP string
}
