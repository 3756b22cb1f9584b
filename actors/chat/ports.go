package chat

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/wire"
)

// ErrJournalFull says that the journal has reached its bound.
var ErrJournalFull = errors.New("journal full")

// The ports: what the actors need of the world, implemented in transport/. Every method that takes
// a context returns soon after it ends. An error of a port means the link failed and says nothing
// about the fate of what was asked; refusals are values.

// An Appender is the writing side of the log: Redis, or the embedded log. One actor owns it.
type Appender interface {
	// Append stores the batch in order, in one round trip or one fsync, and delivers what it stored
	// to the subscribers. receipts[i] answers batch[i]. After an error the fate of the batch is unknown;
	// trying it again is safe because of the keys. What was given up may still be stored, but not when it
	// comes to the log later than a quarter of IdempotencyWindow after it was sent. Keys are known for one
	// and a half of that where appends can come late: that is a client's last try of a write, another quarter
	// in a journal, and that quarter.
	Append(ctx context.Context, batch []Write) (receipts []Receipt, err error)
	// FlushDeliveries says that the receipts of the last Append have been passed on. Where only this node hears
	// what is stored, it is delivered then at the latest, so that acks can go out together with their messages.
	FlushDeliveries()
	// PublishSignals publishes what is not stored: lossy, in order.
	PublishSignals(ctx context.Context, batch []Signal) error
	// Close gives the connection back. It may be called at any time, more than once.
	Close() error
}

// A Subscriber is the hearing side. One actor owns it.
type Subscriber interface {
	// Open connects and calls sink, from one goroutine, with everything heard, in order, until Close.
	// sink may block, which is backpressure. When the link breaks, Broken is the last event.
	Open(ctx context.Context, sink func(Event)) error
	// Subscribe returns once the subscription to the rooms stands.
	Subscribe(ctx context.Context, rooms ...string) error
	Unsubscribe(ctx context.Context, rooms ...string) error
	// Close ends the link and waits for the goroutine.
	Close() error
}

// A Reader reads the log.
type Reader interface {
	// Range reads a part of a room's log as it stands now. The first look at a room gives it its epoch.
	Range(ctx context.Context, q Query) (Page, error)
}

// A PresenceStore holds who is present in which room, for all nodes.
type PresenceStore interface {
	// Apply records the changes, drops users whose lease has ended, and returns the counts of every
	// room named, in the same order as changes.
	Apply(ctx context.Context, changes []PresenceChange) ([]wire.Counts, error)
	// Roster lists users of a room by id. next is empty at the end.
	Roster(ctx context.Context, room, cursor string, limit int) (users []wire.User, next string, err error)
}

// A Registry knows the instances of the cluster.
type Registry interface {
	// Heartbeat renews this instance's lease and returns all instances, this one too; those silent for
	// INSTANCE_DEAD_AFTER are removed.
	Heartbeat(ctx context.Context, connectedClients int) (Cluster, error)
	// Deregister takes this instance out, unless another incarnation has its id by now.
	Deregister(ctx context.Context) error
}

// A Cluster is the view of one beat.
type Cluster struct {
	Now        int64     // ms, the registry's clock: what heartbeats are to be compared with
	ReceivedAt time.Time // this node's clock when it was told; set by the heartbeat
	Instances  []Instance
	Duplicate  string // the incarnation of another living process under our instance id; empty: none
}

// An Instance is one node as the registry has it. Times are ms of the registry's clock.
type Instance struct {
	InstanceID       string `json:"instanceId"`
	StartedAt        int64  `json:"startedAt"`
	LastHeartbeat    int64  `json:"lastHeartbeat"`
	ConnectedClients int    `json:"connectedClients"`
	Incarnation      string `json:"incarnation"`
}

// A Journal keeps writes on this node's disk until the log has them. One actor owns it.
type Journal interface {
	// Append makes the writes durable, in order, in one fsync. ErrJournalFull: none of them is kept.
	Append(batch []Write) error
	// Peek returns the oldest writes that were kept and not dropped, at most limit.
	Peek(limit int) ([]Write, error)
	// RemoveFirst forgets the n oldest writes.
	RemoveFirst(n int) error
	// Size is what it holds.
	Size() (writes int, bytes int64)
}

// A PresenceChange is what one node has to say of one room: who came (or is still here: the lease
// is renewed) and who left.
type PresenceChange struct {
	Room    string
	Present []PresentUser
	Left    []PresentUser
	Notify  bool // tell the other nodes the new counts
}

// A PresentUser user.
type PresentUser struct{ UserID, Role string }

// An Event is something heard from the bus.
type Event interface{ event() }

type (
	// Delivered is an entry that was appended by any node. Origin says whose process.
	Delivered struct {
		Room, Epoch string
		Entry       Entry
	}
	// Signal is something lossy for a room (or for all nodes where Room is empty). Exactly one of the others is set.
	Signal struct {
		Room         string
		Typing       *wire.User
		Presence     *wire.Counts
		Control      *Control
		Probe        *Probe
		NamesRequest []string    // users of the room whose names are wanted, of the nodes that have them
		NamesReply   []wire.User // some of them, without a role
	}
	// Disconnected says that the subscriber's link is gone.
	Disconnected struct{ Err error }
)

// Control is an order to all nodes, by an admin.
type Control struct {
	Op     string // ControlDisconnect or ControlSanctions
	UserID string
	Reason string
}

// Probe is what a node sends itself to prove that it hears.
type Probe struct {
	SentAt int64 // ns, the sender's monotonic clock
}

func (*Delivered) event()   {}
func (Signal) event()       {}
func (Disconnected) event() {}

// A Socket is the writing side of one client connection.
type Socket interface {
	// TryWrite writes what the socket takes without blocking. n < len(p) without an error means that
	// it is full. Only one goroutine writes at a time: the connection's writer, or its outbox.
	TryWrite(p []byte) (n int, err error)
	// Write blocks until all of p is written, the connection is closed or the write deadline passes.
	Write(p []byte) (n int, err error)
	// SetWriteDeadline bounds Write: unix ms from now on, 0 for none.
	SetWriteDeadline(ms int64)
	// Close closes the connection at once; the reader notices. It may be called more than once.
	Close()
}
