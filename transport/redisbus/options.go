package redisbus

import (
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"
)

// Options configure an Engine. New replaces zero values by the defaults.
type Options struct {
	URL               string         // REDIS_URL, see ParseURL
	InstanceID        string         // INSTANCE_ID, ^[A-Za-z0-9._-]{1,64}$
	Incarnation       string         // random, one per process, same characters as InstanceID
	HistorySize       int            // HISTORY_SIZE: minimum number of stored entries per room; default 10000
	IdempotencyWindow time.Duration  // IDEMPOTENCY_WINDOW: how long clients may retry a write; default 2 min
	Lease             time.Duration  // PRESENCE_TIMEOUT: lifetime of presence without renewal; default 30 s
	HeartbeatInterval time.Duration  // HEARTBEAT_INTERVAL; records expire after three intervals; default 10 s
	DeadAfter         time.Duration  // INSTANCE_DEAD_AFTER; default 45 s
	Timeout           time.Duration  // limit of each dial, read and write; default 2 s
	Silence           time.Duration  // read timeout of the subscribe connection; default 3 s
	MaxEnvelope       int            // maximum size of a received message in bytes; default 256 KiB
	Dropped           func(r Reason) // called for every dropped message; nil: not called
	Log               zerolog.Logger
}

// presenceTTL is the minimum TTL of the presence keys of a room. Each change renews it.
const presenceTTL = 120 * time.Second

// nameRule describes the names that isName accepts. isName does not use a regular expression, because it runs twice
// for every received message and the expression took 1.4 µs.
const nameRule = `^[A-Za-z0-9._-]{1,64}$`

// isName reports whether s may be an instance id or an incarnation.
func isName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 64
}

func (o Options) withDefaults() Options {
	setDefault(&o.HistorySize, 10000)
	setDefault(&o.IdempotencyWindow, 2*time.Minute)
	setDefault(&o.Lease, 30*time.Second)
	setDefault(&o.HeartbeatInterval, 10*time.Second)
	setDefault(&o.DeadAfter, 45*time.Second)
	setDefault(&o.Timeout, 2*time.Second)
	setDefault(&o.Silence, 3*time.Second)
	setDefault(&o.MaxEnvelope, 256<<10)
	if o.Dropped == nil {
		o.Dropped = func(Reason) {}
	}
	return o
}

// setDefault sets *v to value if it is zero.
func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// validate returns an error that names every invalid option.
func (o Options) validate() error {
	var errs []error
	for _, f := range []struct{ name, value string }{{"instance id", o.InstanceID}, {"incarnation", o.Incarnation}} {
		if !isName(f.value) {
			errs = append(errs, fmt.Errorf("redisbus: %s %q must match %s", f.name, f.value, nameRule))
		}
	}
	if o.HistorySize < 1 || o.MaxEnvelope < 1 {
		errs = append(errs, errors.New("redisbus: history size and maximum envelope size must be positive"))
	}
	if o.IdempotencyWindow < time.Second || o.Lease < tagRange*time.Millisecond ||
		o.HeartbeatInterval < time.Second || o.DeadAfter < o.HeartbeatInterval {
		errs = append(errs, errors.New("redisbus: idempotency window, lease or heartbeat interval too short"))
	}
	return errors.Join(errs...)
}
