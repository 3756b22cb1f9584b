package presence

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// To the presence tracker.
type (
	here struct { // a session of the user's has entered the room
		room string
		user wire.User // its Role is role's name
		role chat.Role
	}
	Away struct { // a session of the user's has left the room
		Room, UserID string
		Role         chat.Role
	}
	applied struct {
		changes []chat.PresenceChange
		counts  []wire.Counts
		err     error
	}
	settleRoom struct{ room string } // tick: the room's debounce has passed
	renew      struct{}              // tick: the leases
	AskWho     struct {              // by a client; answered with a part of the roster
		Client *fanout.Client
		Id     string
		Room   string
		Cursor string
		Limit  int
	}
	rosterRead struct { // the answer to readRoster, by id
		room  string
		users []wire.User
		err   error
	}
	rosterStale struct { // tick: a roster was kept for long enough
		room   string
		roster *Roster
	}
	HoldPresence struct{}                       // tell nobody of those who leave: the node sends them away
	Farewell     struct{ Done chan<- struct{} } // take all local users away
)

const (
	KindPresence = "presence"
)

// presenceCall is a question that the presence tracker lets answer itself.
type presenceCall interface{ ask(p *Presence) }
