package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

type (
	JoinAccepted struct { // a room took the client in
		Room    string
		Process *process.Process
	}
)

type (
	JoinCanceled struct{} // a join that waited was ended by a leave
)

// To the rooms.
type (
	// RoomMessage passes msg to the room of that name, which is spawned where it must be.
	RoomMessage struct {
		Room string
		Msg  any
	}
	roomIdle struct { // the room has had nobody for a while
		room    string
		process *process.Process
		visits  uint64 // messages that it has had from the rooms
	}
	roomStopped struct { // the room was given up
		room    string
		process *process.Process
	}
)

type (
	routedMessage struct{ msg any } // a message that came by the rooms
)

type (
	JoinRequest struct {
		Client   *fanout.Client
		Identity chat.Identity
		Id       string
		Since    wire.Position
		HasSince bool
		waited   bool // the room: it has been looked for what the client has seen
		reading  bool // the room: the log is being read for it
		gone     bool // the room: the client has left meanwhile
	}
)

type (
	LeaveRequest struct {
		Client *fanout.Client
		Id     string
		Silent bool // the connection is gone: nobody to answer
	}
)

type (
	IdentityChanged struct { // the client has shown a new token of its user
		Client   *fanout.Client
		Identity chat.Identity
	}
)

type (
	WriteRequest struct { // a write by a client
		Cmd    *wire.Command
		Author chat.Author
		Client *fanout.Client
		reply  chan<- process.Answer[chat.WriteResult] // for an API call instead of a client
	}
)

type (
	HistoryRequest struct {
		Client *fanout.Client
		Id     string
		Room   string
		Before uint64
		Limit  int
		upTo   uint64 // the newest seq that the room knew of when it was asked
	}
)

type (
	openTick struct{} // tick: try to open once more
)

type (
	logPageResult struct { // a page of the log
		query  chat.Query
		page   chat.Page
		err    error
		resume *JoinRequest // the join that waits for it; nil: a hole of the room's own
	}
)

type (
	presenceTick struct{} // tick: the members may be told again who is here
)

type (
	deliveryTick struct{} // tick: what was appended should have been delivered by now
)

type (
	readTick struct{ seq uint64 } // tick: read again what could not be read
)

type (
	idleTick struct{} // tick: retire when empty
)

type (
	retireRoom struct{} // the rooms have forgotten this room: end
)

// DirectoryKind is the kind of the rooms actor.
var DirectoryKind = process.Kind{Name: "rooms", Capacity: 16384}

// Kind is the kind of the room actor.
var Kind = process.Kind{Name: "room", Capacity: 4096, Many: true, Parent: DirectoryKind.Name}
