package presence

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// To the presence tracker.
type (
	userEntered struct { // a session of the user's has entered the room
		room string
		user wire.User // its Role is role's name
		role chat.Role
	}
	UserLeft struct { // a session of the user's has left the room
		Room, UserID string
		Role         chat.Role
	}
	presenceResult struct {
		changes []chat.PresenceChange
		counts  []wire.Counts
		err     error
	}
	debounceTick  struct{ room string } // tick: the room's debounce has passed
	leaseTick     struct{}              // tick: the leases
	RosterRequest struct {              // by a client; answered with a part of the roster
		Client *fanout.Client
		Id     string
		Room   string
		Cursor string
		Limit  int
	}
	rosterResult struct { // the answer to readRoster, by id
		room  string
		users []wire.User
		err   error
	}
	rosterExpiredTick struct { // tick: a roster was kept for long enough
		room   string
		roster *CachedRoster
	}
	FreezePresence struct{}                       // tell nobody of those who leave: the node sends them away
	ClearPresence  struct{ Done chan<- struct{} } // take all local users away
)

// Kind is the kind of the presence actor.
var Kind = process.Kind{Name: "presence", Capacity: 65536}

// presenceQuery is a question that the presence tracker lets answer itself.
type presenceQuery interface{ ask(p *Presence) }
