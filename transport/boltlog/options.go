package boltlog

import (
	"time"

	"chatnode/transport/wal"

	"github.com/rs/zerolog"
)

// Options are the settings of a Log.
type Options struct {
	Path              string           // folder of the files; created if missing
	HistorySize       int              // minimum number of entries kept in a room; 0: 10,000
	IdempotencyWindow time.Duration    // minimum time that keys are stored; 0: 2 min
	Now               func() time.Time // clock of the log; nil: time.Now
	Log               zerolog.Logger

	age func() time.Duration // time since Open, by the monotonic clock; nil: computed

	wrap func(wal.File) wal.File // adds faults to the files of the write-ahead log in tests; nil: none
}

const (
	defaultHistory = 10_000
	defaultWindow  = 2 * time.Minute
)

// withDefaults returns o with defaults for unset fields.
func (o Options) withDefaults() Options {
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
