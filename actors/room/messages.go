package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Messages to the directory. All messages of this package are sent as pointers.
type (
	// RoomMessage forwards Msg to the room with the name. The room is spawned if it is not in memory.
	RoomMessage struct {
		Room string
		Msg  any
	}
	roomIdle struct { // the room has been idle for RoomIdle
		room    string
		process *process.Process
		routed  uint64 // messages received through the directory
	}
	roomStopped struct { // the room stopped after repeated panics
		room    string
		process *process.Process
	}
)

// Requests to a room. Each holds slots in the mailbox of the client's session until it is answered: JoinRequest holds
// fanout.JoinSlots, the others hold one.
type (
	// JoinRequest adds a client to the room; answered by JoinAccepted or JoinCanceled.
	JoinRequest struct {
		Client    *fanout.Client
		Identity  chat.Identity
		Id        string
		Since     wire.Position // newest entry that the client has seen, if HasSince
		HasSince  bool
		refreshed bool // by the room: the log was read once to reach the client's position
		reading   bool // by the room: the entries that the client missed are being read
		canceled  bool // by the room: the client has left
	}
	// LeaveRequest removes a client from the room.
	LeaveRequest struct {
		Client *fanout.Client
		Id     string
		Silent bool // the connection is closed: do not answer; without a slot
	}
	// IdentityChanged replaces the identity of a client, because it sent a new token of its user.
	IdentityChanged struct {
		Client   *fanout.Client
		Identity chat.Identity
	}
	// WriteRequest appends an entry to the log.
	WriteRequest struct {
		Cmd    *wire.Command
		Author chat.Author
		Client *fanout.Client                          // nil: a call of the API
		reply  chan<- process.Answer[chat.WriteResult] // nil: a client
	}
	// HistoryRequest reads a page of messages.
	HistoryRequest struct {
		Client *fanout.Client
		Id     string
		Room   string
		Before uint64 // only messages with a smaller seq; 0: from the end
		Limit  int
		upTo   uint64 // by the room: wait until the entry with this seq was displayed
	}
)

// Answers to a session.
type (
	// JoinAccepted answers JoinRequest: the client is a member.
	JoinAccepted struct {
		Room    string
		Process *process.Process
	}
	// JoinCanceled answers JoinRequest: the client left before it was a member.
	JoinCanceled struct{}
)
