package fanout

import (
	"time"
)

// To a writer.
type (
	Attach  struct{ Client *Client }
	Detach  struct{ Client *Client }
	Unicast struct {
		Client *Client
		Frame  []byte
	}
	Enter struct { // frame, then every broadcast to the room from here on
		Room   string
		Client *Client
		Frame  []byte
	}
	Exit struct { // no more broadcasts, then frame
		Room   string
		Client *Client
		Frame  []byte
	}
	Broadcast struct {
		Room  string
		Frame []byte
		Along []byte    // a frame behind it, in one write with it
		At    time.Time // when the room told it
		Ack   *Unicast  // for one of the clients, behind the frame
	}
	Announce struct{ Frame []byte } // to every client
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

const (
	KindWriter = "writer"
)

const (
	KindOutbox = "outbox"
)
