package link

import (
	"chatnode/actors/process"
)

type (
	Watching struct{ Turn uint64 } // the subscription stands, or stands again; answered by caughtUp
)

type (
	Replay struct{} // Redis is back: write what the journal holds
)

// To the rooms' processes, the presence tracker and bridge_out: the link was lost, or is back.
type Changed struct{ Degraded bool }

// To the bridge.
type (
	Watch struct { // hear the room's channel; answered by watching, each time that it stands
		Room    string
		Process *process.Process
	}
	Unwatch struct {
		Room    string
		Process *process.Process
	}
)

// To bridge_in, besides what the bus delivers.
type (
	route struct {
		room    string
		process *process.Process
	}
	unroute struct {
		room    string
		process *process.Process
	}
)

const (
	KindBridge = "bridge"
)

const (
	KindIn = "bridge_in"
)
