package chat

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/wire"
)

// ErrJournalFull is returned when the journal has reached its maximum size.
var ErrJournalFull = errors.New("journal full")

// The following interfaces are the ports of the actors; transport/ implements them. A method with a context returns
// soon after the context ends. An error means that the connection failed, and that the result of the call is unknown.
// A refusal is a value, not an error.

// Appender writes to the log, which is Redis or the embedded log. One actor owns it.
type Appender interface {
	// Append stores the batch in order, in one round trip or one fsync, and delivers the stored entries to the
	// subscribers. receipts[i] is the result of batch[i].
	//
	// After an error the result of the batch is unknown. A retry is safe because of the keys. A write whose caller
	// gave up may still be stored, unless it reaches the log later than IdempotencyWindow/4 after it was sent. If
	// appends can be late, keys are known for 1.5 × IdempotencyWindow: the last retry of a client, a quarter in a
	// journal, and that quarter.
	Append(ctx context.Context, batch []Write) (receipts []Receipt, err error)
	// FlushDeliveries is called after the receipts of the last Append have been passed on. A log with only this node
	// as subscriber delivers its entries at the latest then, so that acks and messages share one write.
	FlushDeliveries()
	// PublishSignals publishes signals in order. They are not stored and may be lost.
	PublishSignals(ctx context.Context, batch []Signal) error
	// Close releases the connection. It may be called at any time and more than once.
	Close() error
}

// Subscriber receives from the bus. One actor owns it.
type Subscriber interface {
	// Open connects and calls sink with every event, in order, from one goroutine, until Close. sink may block, which
	// gives backpressure. If the connection breaks, Disconnected is the last event.
	Open(ctx context.Context, sink func(Event)) error
	// Subscribe returns when the subscription to the rooms is confirmed.
	Subscribe(ctx context.Context, rooms ...string) error
	Unsubscribe(ctx context.Context, rooms ...string) error
	// Close closes the connection and waits for the goroutine that calls sink.
	Close() error
}

// Reader reads the log.
type Reader interface {
	// Range reads a part of the log of a room in its current state. The first read of a room creates its epoch.
	Range(ctx context.Context, q Query) (Page, error)
}

// PresenceStore stores the users present in each room, for all nodes.
type PresenceStore interface {
	// Apply records the changes, removes users whose lease has expired, and returns the counts of the rooms in the
	// order of changes.
	Apply(ctx context.Context, changes []PresenceChange) ([]wire.Counts, error)
	// Roster lists users of a room by id. next is empty at the end.
	Roster(ctx context.Context, room, cursor string, limit int) (users []wire.User, next string, err error)
}

// Registry stores the instances of the cluster.
type Registry interface {
	// Heartbeat renews the lease of this instance and returns all instances, including this one. It removes instances
	// that were silent for INSTANCE_DEAD_AFTER.
	Heartbeat(ctx context.Context, connectedClients int) (Cluster, error)
	// Deregister removes this instance, unless another incarnation has taken its id.
	Deregister(ctx context.Context) error
}

// Cluster is the result of one heartbeat.
type Cluster struct {
	Now        int64     // ms, clock of the registry; compare heartbeats with it
	ReceivedAt time.Time // clock of this node; set by the heartbeat actor
	Instances  []Instance
	Duplicate  string // incarnation of another running process with our instance id; empty: none
}

// Instance is one node in the registry. Times are ms of the registry's clock.
type Instance struct {
	InstanceID       string `json:"instanceId"`
	StartedAt        int64  `json:"startedAt"`
	LastHeartbeat    int64  `json:"lastHeartbeat"`
	ConnectedClients int    `json:"connectedClients"`
	Incarnation      string `json:"incarnation"`
}

// Journal stores writes on the disk of this node until the log has them. One actor owns it.
type Journal interface {
	// Append stores the writes durably and in order, in one fsync. After ErrJournalFull none of them is stored.
	Append(batch []Write) error
	// Peek returns the oldest writes, at most limit.
	Peek(limit int) ([]Write, error)
	// RemoveFirst removes the n oldest writes.
	RemoveFirst(n int) error
	// Size returns the number of writes and their size.
	Size() (writes int, bytes int64)
}

// PresenceChange lists the users who entered one room on one node (or whose lease is renewed), and the users who left
// it.
type PresenceChange struct {
	Room    string
	Present []PresentUser
	Left    []PresentUser
	Notify  bool // publish the new counts to the other nodes
}

// PresentUser is a user in a room, with a role.
type PresentUser struct{ UserID, Role string }

// Event is received from the bus.
type Event interface{ event() }

type (
	// Delivered is an entry that a node has appended.
	Delivered struct {
		Room, Epoch string
		Entry       Entry
	}
	// Signal is best effort. It concerns a room, or all nodes if Room is empty. Exactly one of the other fields is
	// set.
	Signal struct {
		Room         string
		Typing       *wire.User
		Presence     *wire.Counts
		Control      *Control
		Probe        *Probe
		NamesRequest []string    // ids of users of the room; the nodes that know their names reply
		NamesReply   []wire.User // without roles
	}
	// Disconnected reports that the subscriber lost its connection.
	Disconnected struct{ Err error }
)

// Control is a command of an admin to all nodes.
type Control struct {
	Op     string // ControlDisconnect or ControlSanctions
	UserID string
	Reason string
}

// Probe is a message of a node to itself. Its receipt proves that the node receives from the bus.
type Probe struct {
	SentAt int64 // ns, monotonic clock of the sender
}

func (*Delivered) event()   {}
func (Signal) event()       {}
func (Disconnected) event() {}

// Socket is the write side of a client connection.
type Socket interface {
	// TryWrite writes as much as the socket accepts without blocking. n < len(p) without an error means that the
	// socket is full. Only one goroutine writes at a time: the writer or the outbox of the connection.
	TryWrite(p []byte) (n int, err error)
	// Write blocks until all of p is written, the connection is closed, or the write deadline passes.
	Write(p []byte) (n int, err error)
	// SetWriteDeadline limits Write: ms from now; 0: no limit.
	SetWriteDeadline(ms int64)
	// Close closes the connection at once, which also ends its reader. It may be called more than once.
	Close()
}
