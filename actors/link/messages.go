package link

import (
	"chatnode/actors/process"
)

// Messages to the link. It also receives chat.Disconnected and chat.Probe from the subscriber.
type (
	// SubscribeRoom subscribes to the channel of a room. The room receives a RoomSubscribed now, and again after each
	// reconnect, until UnsubscribeRoom.
	SubscribeRoom struct {
		Room    string
		Process *process.Process
	}
	// UnsubscribeRoom reverts SubscribeRoom. It is ignored if another process has subscribed to the room since.
	UnsubscribeRoom struct {
		Room    string
		Process *process.Process
	}
	// RoomCaughtUp answers RoomSubscribed: the room has read all entries of the log.
	RoomCaughtUp struct {
		Room       string
		Generation uint64 // of the RoomSubscribed
	}
	// CallFailed reports a failed call to Redis.
	CallFailed struct{ Err error }
	// WriteSucceeded reports a write to Redis; it answers WriteTestRequest.
	WriteSucceeded struct{}
	// JournalReplayed answers ReplayRequest: the journal is empty and appends go to Redis again.
	JournalReplayed struct{}
	// LogFaultChanged reports that the log of a standalone node rejects writes; Err is nil when it accepts them again.
	LogFaultChanged struct{ Err error }

	stateTick struct{} // every tickInterval
)

// Messages that the link sends.
type (
	// RoomSubscribed tells a room that its subscription is active. Events before it may be lost, so the room reads the
	// log, and then answers with RoomCaughtUp.
	RoomSubscribed struct{ Generation uint64 }
	// StateChanged is sent to the rooms, the presence tracker and the publisher when the link was lost or has
	// recovered.
	StateChanged struct{ Degraded bool }
	// ReplayRequest asks the publisher to append the writes of the journal, because Redis is available again.
	ReplayRequest struct{}
	// WriteTestRequest asks the heartbeat for a write to Redis; answered by WriteSucceeded or CallFailed.
	WriteTestRequest struct{}
)

// Messages to the dispatcher. It also receives the events of the subscriber.
type (
	// ForwardToRoom forwards Msg to a room, after all events received before it. It is dropped if the room is not in
	// memory.
	ForwardToRoom struct {
		Room string
		Msg  any
	}
	addRoute struct {
		room    string
		process *process.Process
	}
	removeRoute struct {
		room    string
		process *process.Process
	}
)

// Kind is the kind of the link.
var Kind = process.Kind{Name: "bridge", Capacity: 16384}

// DispatcherKind is the kind of the dispatcher.
var DispatcherKind = process.Kind{Name: "bridge_in", Capacity: 8192, Parent: Kind.Name}
