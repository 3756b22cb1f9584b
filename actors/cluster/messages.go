package cluster

import (
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Kind is the kind of the heartbeat actor.
var Kind = process.Kind{Name: "heartbeat", Capacity: 64}

// Messages to the heartbeat. All of them are sent by value, also link.WriteTestRequest of the link.
type (
	// DeregisterInstance ends the lease of this instance. Done is closed when the store has carried it out.
	DeregisterInstance struct{ Done chan<- struct{} }
	heartbeatResult    struct { // result of a heartbeatRequest
		instances chat.Cluster
		err       error
	}
	heartbeatTick struct{} // Interval has passed
)
