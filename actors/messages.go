package actors

import (
	"time"

	"chatnode/actors/wire"
)

// Messages, grouped by who receives them. Those sent once a chat message travel as pointers, which
// cost no boxing.

// To a session, besides *wire.Command.
type (
	malformed struct { // a frame that did not decode
		id   string
		code wire.Code
	}
	gone    struct{ err error } // the read loop has ended
	entered struct {            // a room took the client in
		room    string
		process *Process
	}
	overtaken struct{} // a join that waited was ended by a leave
	expiring  struct{} // tick: the token is about to end
	expired   struct{} // tick: the token has ended
	dismiss   struct { // close the connection
		code   uint16
		reason string
	}
)

// To the rooms.
type (
	// forward passes msg to the room of that name, which is spawned where it must be.
	forward struct {
		room string
		msg  any
	}
	idle struct { // the room has had nobody for a while
		room    string
		process *Process
		visits  uint64 // messages that it has had from the rooms
	}
	roomGone struct { // the room was given up
		room    string
		process *Process
	}
)

// To a room, besides *Delivered and Signal.
type (
	visit struct{ msg any } // a message that came by the rooms
	join  struct {
		client   *Client
		identity Identity
		id       string
		since    wire.Position
		hasSince bool
		waited   bool // the room: it has been looked for what the client has seen
		reading  bool // the room: the log is being read for it
		gone     bool // the room: the client has left meanwhile
	}
	leave struct {
		client *Client
		id     string
		silent bool // the connection is gone: nobody to answer
	}
	identified struct { // the client has shown a new token of its user
		client   *Client
		identity Identity
	}
	post struct { // a write by a client
		cmd    *wire.Command
		author Author
		client *Client
		done   chan<- Outcome // for an API call instead of a client; buffered
	}
	history struct {
		client *Client
		id     string
		room   string
		before uint64
		limit  int
		upTo   uint64 // the newest seq that the room knew of when it was asked
	}
	watching struct{ turn uint64 } // the subscription stands, or stands again; answered by caughtUp
	reopen   struct{}              // tick: try to open once more
	settled  struct {              // what became of an append
		*submit
		receipt Receipt
		err     error
	}
	journalled struct { // the journal has taken a write
		*submit
		at    int64  // ms, this node's clock
		first string // of a retry: the id that it was kept under
		err   error
	}
	evident struct { // a write that was replayed, or appended again, is in the log
		write   Write
		receipt Receipt
	}
	logRead struct { // a page of the log
		query  Query
		page   Page
		err    error
		resume *join // the join that waits for it; nil: a hole of the room's own
	}
	presentDue  struct{}             // tick: the members may be told again who is here
	undelivered struct{}             // tick: what was appended should have been delivered by now
	overdue     struct{ seq uint64 } // tick: read again what could not be read
	sweep       struct{}             // tick: retire when empty
	retire      struct{}             // the rooms have forgotten this room: end
)

// To bridge_out, besides Signal, and to the journal.
type (
	submit struct {
		write  Write
		room   *Process
		client *Client
		id     string         // the client's correlation id
		done   chan<- Outcome // for an API call instead of a client
	}
	replay    struct{} // Redis is back: write what the journal holds
	commitDue struct{} // end of a nap: what is owed has waited for others long enough
)

// To the rooms' processes, the presence tracker and bridge_out: the link was lost, or is back.
type linkChanged struct{ degraded bool }

// To the bridge.
type (
	watch struct { // hear the room's channel; answered by watching, each time that it stands
		room    string
		process *Process
	}
	unwatch struct {
		room    string
		process *Process
	}
)

// To bridge_in, besides what the bus delivers.
type (
	route struct {
		room    string
		process *Process
	}
	unroute struct {
		room    string
		process *Process
	}
)

// To the presence tracker.
type (
	here struct { // a session of the user's has entered the room
		room string
		user wire.User // its Role is role's name
		role Role
	}
	away struct { // a session of the user's has left the room
		room, userID string
		role         Role
	}
	applied struct {
		changes []PresenceChange
		counts  []wire.Counts
		err     error
	}
	settleRoom struct{ room string } // tick: the room's debounce has passed
	renew      struct{}              // tick: the leases
	askWho     struct {              // by a client; answered with a part of the roster
		client *Client
		id     string
		room   string
		cursor string
		limit  int
	}
	rosterRead struct { // the answer to readRoster, by id
		room  string
		users []wire.User
		err   error
	}
	rosterStale struct { // tick: a roster was kept for long enough
		room   string
		roster *roster
	}
	holdPresence struct{}                       // tell nobody of those who leave: the node sends them away
	farewell     struct{ done chan<- struct{} } // take all local users away
)

// To a writer.
type (
	attach  struct{ client *Client }
	detach  struct{ client *Client }
	unicast struct {
		client *Client
		frame  []byte
	}
	enter struct { // frame, then every broadcast to the room from here on
		room   string
		client *Client
		frame  []byte
	}
	exit struct { // no more broadcasts, then frame
		room   string
		client *Client
		frame  []byte
	}
	broadcast struct {
		room  string
		frame []byte
		along []byte    // a frame behind it, in one write with it
		at    time.Time // when the room told it
		ack   *unicast  // for one of the clients, behind the frame
	}
	announce struct{ frame []byte } // to every client
	cut      struct {
		client *Client
		code   uint16
		reason string
	}
	drained struct{ client *Client } // the outbox is empty
	walk    struct{}                 // tick: go on with the pass
	flushed struct{}                 // tick: FLUSH_INTERVAL has passed
	beat    struct{}                 // tick: look for silent clients
)
