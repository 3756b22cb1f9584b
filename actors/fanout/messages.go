package fanout

import (
	"time"

	"chatnode/actors/process"
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

// WriterKind is the kind of the writer actor.
var WriterKind = process.Kind{Name: "writer", Capacity: 8192}

// OutboxKind is the kind of the outbox actor.
var OutboxKind = process.Kind{Name: "outbox", Capacity: outboxChunks, Many: true, Parent: WriterKind.Name}
