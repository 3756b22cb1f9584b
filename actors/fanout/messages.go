package fanout

import (
	"time"
)

// To a writer.
type (
	AttachClient struct{ Client *Client }
	DetachClient struct{ Client *Client }
	SendFrame    struct {
		Client *Client
		Frame  []byte
	}
	JoinGroup struct { // frame, then every broadcast to the room from here on
		Room   string
		Client *Client
		Frame  []byte
	}
	LeaveGroup struct { // no more broadcasts, then frame
		Room   string
		Client *Client
		Frame  []byte
	}
	BroadcastFrame struct {
		Room       string
		Frame      []byte
		ExtraFrame []byte     // a frame behind it, in one write with it
		At         time.Time  // when the room told it
		Ack        *SendFrame // for one of the clients, behind the frame
	}
	BroadcastAll struct{ Frame []byte } // to every client
	closeClient  struct {
		client *Client
		code   uint16
		reason string
	}
	outboxDrained struct{ client *Client } // the outbox is empty
	passTick      struct{}                 // tick: go on with the pass
	flushTick     struct{}                 // tick: FLUSH_INTERVAL has passed
	keepaliveTick struct{}                 // tick: look for silent clients
)

const (
	KindWriter = "writer"
)

const (
	KindOutbox = "outbox"
)
