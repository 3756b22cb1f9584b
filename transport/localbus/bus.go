package localbus

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// ErrClosed is returned by the ports after they, or the bus, were closed.
var ErrClosed = errors.New("the local bus is closed")

// Options say what a Bus is made of.
type Options struct {
	Log   *boltlog.Log     // the bus closes it
	Lease time.Duration    // how long a present user stays without being renewed; 0: 30 s
	Now   func() time.Time // the clock of the leases; nil: time.Now
	Queue int              // batches that wait for the subscriber before Append and Signal block; 0: 256
}

const (
	defaultLease = 30 * time.Second // DESIGN §8
	defaultQueue = 256
)

// A Bus is the ports of one node on its embedded log.
type Bus struct {
	log        *boltlog.Log
	subscriber *subscriber
	presence   *presence
}

// New builds a bus on an open log, whose commits it hears from now on.
func New(o Options) *Bus {
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	sub := &subscriber{queue: o.Queue}
	b := &Bus{log: o.Log, subscriber: sub, presence: newPresence(o.Lease, o.Now, sub.enqueueSignals)}
	o.Log.OnCommit(b.subscriber.onCommit)
	return b
}

// Appender returns a new writing side; closing it leaves the log open for the next one.
func (b *Bus) Appender() chat.Appender { return &appender{bus: b} }

// Reader returns the log.
func (b *Bus) Reader() chat.Reader { return b.log }

// Subscriber returns the bus's only hearing side, which may be opened again after it was closed.
func (b *Bus) Subscriber() chat.Subscriber { return b.subscriber }

// Presence returns who is present.
func (b *Bus) Presence() chat.PresenceStore { return b.presence }

// Close ends the subscription, so that nothing blocks on it, and then closes the log. It may be called more than once.
func (b *Bus) Close() error {
	return errors.Join(b.subscriber.Close(), b.log.Close())
}
