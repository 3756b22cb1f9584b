package boltlog

import (
	"time"

	"chatnode/transport/wal"
	"github.com/rs/zerolog"
)

// Options say how to open a Log.
type Options struct {
	Path              string           // folder of the file; made when missing
	HistorySize       int              // entries that a room keeps at least; 0: 10,000
	IdempotencyWindow time.Duration    // how long a key is remembered at least; 0: 2 min
	Now               func() time.Time // the log's clock; nil: time.Now
	Log               zerolog.Logger

	age func() time.Duration // how long the log is open, whatever is done to the clock; nil: by the monotonic clock

	wrap func(wal.File) wal.File // tests put faults between the log and its write-ahead log; nil: nothing
}

const (
	defaultHistory = 10_000
	defaultWindow  = 2 * time.Minute
)

// filled is o with the defaults in place of what is not set.
func (o Options) filled() Options {
	if o.HistorySize <= 0 {
		o.HistorySize = defaultHistory
	}
	if o.IdempotencyWindow <= 0 {
		o.IdempotencyWindow = defaultWindow
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.age == nil {
		opened := time.Now()
		o.age = func() time.Duration { return time.Since(opened) }
	}
	return o
}
