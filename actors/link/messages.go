package link

import (
	"chatnode/actors/process"
)

type (
	RoomSubscribed struct{ Turn uint64 } // the subscription stands, or stands again; answered by caughtUp
)

type (
	ReplayRequest struct{} // Redis is back: write what the journal holds
)

// To the rooms' processes, the presence tracker and bridge_out: the link was lost, or is back.
type Changed struct{ Degraded bool }

// To the bridge.
type (
	SubscribeRoom struct { // hear the room's channel; answered by watching, each time that it stands
		Room    string
		Process *process.Process
	}
	UnsubscribeRoom struct {
		Room    string
		Process *process.Process
	}
)

// To bridge_in, besides what the bus delivers.
type (
	addRoute struct {
		room    string
		process *process.Process
	}
	removeRoute struct {
		room    string
		process *process.Process
	}
)

// Kind is the kind of the bridge actor.
var Kind = process.Kind{Name: "bridge", Capacity: 16384}

// DispatcherKind is the kind of the bridge_in actor.
var DispatcherKind = process.Kind{Name: "bridge_in", Capacity: 8192, Parent: Kind.Name}
