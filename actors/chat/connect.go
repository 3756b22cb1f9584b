package chat

import (
	"chatnode/actors/wire"
)

// ConnectRequest is an upgraded connection that asks for a session.
type ConnectRequest struct {
	Socket   Socket
	Identity Identity
	Room     string        // joined at once; empty: DefaultRoom
	Since    wire.Position // position at which to resume in Room; valid if HasSince
	HasSince bool
	RemoteIP string
}
