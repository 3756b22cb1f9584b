package localbus

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// ErrClosed is returned by calls on a closed port.
var ErrClosed = errors.New("local bus closed")

// Options configure a Bus.
type Options struct {
	Log   *boltlog.Log     // open log; Bus.Close closes it
	Lease time.Duration    // lifetime of presence without renewal; 0: 30 s
	Now   func() time.Time // clock of the leases; nil: time.Now
	Queue int              // capacity of the queue of the subscriber, in batches; 0: 256
}

const (
	defaultLease = 30 * time.Second
	defaultQueue = 256
)

// Bus provides the ports of one node on its embedded log.
type Bus struct {
	log        *boltlog.Log
	subscriber *subscriber
	presence   *presence
}

// New returns a bus on an open log. It sets the commit hook of the log.
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

// Appender returns a new appender. Its Close does not close the log.
func (b *Bus) Appender() chat.Appender { return &appender{bus: b} }

// Reader returns the reader of the log.
func (b *Bus) Reader() chat.Reader { return b.log }

// Subscriber returns the only subscriber of the bus. It may be opened again after Close.
func (b *Bus) Subscriber() chat.Subscriber { return b.subscriber }

// Presence returns the presence store.
func (b *Bus) Presence() chat.PresenceStore { return b.presence }

// Close closes the subscriber, so that no append blocks on its queue, and then the log. It may be called more than
// once.
func (b *Bus) Close() error {
	return errors.Join(b.subscriber.Close(), b.log.Close())
}
