package fanout

import (
	"time"

	"chatnode/actors/process"
)

// WriterKind is the kind of the writer actor.
var WriterKind = process.Kind{Name: "writer", Capacity: 8192}

// OutboxKind is the kind of the outbox actor.
var OutboxKind = process.Kind{Name: "outbox", Capacity: outboxChunks, Many: true, Parent: WriterKind.Name}

// Frames for a writer. All messages to a writer are sent as pointers. SendFrame and LeaveGroup hold one slot of the
// session's mailbox, JoinGroup holds JoinSlots. The writer frees them.
type (
	// SendFrame writes a frame to one client.
	SendFrame struct {
		Client *Client
		Frame  []byte
	}
	// JoinGroup writes a frame to the client, and then all later broadcasts to the room.
	JoinGroup struct {
		Room   string
		Client *Client
		Frame  []byte
	}
	// LeaveGroup ends the broadcasts of the room to the client, and then writes a frame to it.
	LeaveGroup struct {
		Room   string
		Client *Client
		Frame  []byte
	}
	// BroadcastFrame writes a frame to all members of a room on this writer.
	BroadcastFrame struct {
		Room       string
		Frame      []byte
		ExtraFrame []byte     // sent after Frame in the same write; nil: none
		At         time.Time  // time at which the room posted it
		Ack        *SendFrame // sent to one client after Frame, without a slot; nil: none
	}
	// BroadcastAll writes a frame to all clients of the writer.
	BroadcastAll struct{ Frame []byte }
)

// Connections of a writer. Client.Attach, Detach and Close post the unexported messages. A message that contains only a
// client is the client itself, so that its pointer needs no allocation.
type (
	attachClient  Client
	detachClient  Client
	outboxDrained Client
	closeClient   struct {
		client *Client
		code   uint16
		reason string
	}
	// DrainRequest closes all clients of the writer within Window. The writer closes Done when all clients are
	// detached, but not later than Deadline.
	DrainRequest struct {
		Reason   string        // sent to the clients
		Window   time.Duration // the close frames are spread over it
		Deadline time.Duration // until the process ends
		Done     chan<- struct{}
	}
)

// Ticks of a writer.
type (
	passTick      struct{} // continue the pass
	flushTick     struct{} // FlushInterval has passed
	keepaliveTick struct{} // check for silent clients
	drainTick     struct{} // close the next clients of a drain
)
