package presence

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Kind is the kind of the presence actor.
var Kind = process.Kind{Name: "presence", Capacity: 65536}

// Messages to the tracker. All of them are sent by value, also chat.Signal of the dispatcher. *link.StateChanged is
// a pointer, because all receivers share it.
type (
	// UserEntered reports that a session of a user has entered a room. NewUserEntered builds it.
	UserEntered struct {
		room string
		user wire.User // the Role is in role
		role chat.Role
	}
	// UserLeft reports that a session of a user has left a room.
	UserLeft struct {
		Room, UserID string
		Role         chat.Role
	}
	// RosterRequest asks for a page of a roster. The client gets the answer.
	RosterRequest struct {
		Client *fanout.Client
		Id     string
		Room   string
		Cursor string // id of the last user of the page before; empty: first page
		Limit  int
	}
	// FreezePresence ends the updates of the store, because the node is draining and its users reconnect to other
	// nodes.
	FreezePresence struct{}
	// ClearPresence removes all local users. Done is closed when the store has carried it out.
	ClearPresence struct{ Done chan<- struct{} }
)

// Results of the store.
type (
	updateResult struct {
		changes []chat.PresenceChange
		counts  []wire.Counts // of the room of each change
		err     error
	}
	rosterReadResult struct {
		room  string
		users []wire.User // by id, without names
		err   error
	}
	pageReadResult struct {
		request rosterPageRequest
		page    RosterPage // without names
	}
)

// Ticks of the tracker.
type (
	debounceTick      struct{ room string } // the changes of the room are due
	leaseTick         struct{}              // renew the leases
	namesTimeoutTick  struct{ page *pendingRoster }
	rosterExpiredTick struct {
		room   string
		roster *cachedRoster
	}
)

// NewUserEntered returns the message for a session of the user id that has entered a room.
func NewUserEntered(room string, id *chat.Identity) UserEntered {
	return UserEntered{room, wire.User{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar}, id.Role}
}
