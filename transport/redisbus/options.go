package redisbus

import (
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"
)

// Options set up an Engine. New fills in the defaults of what is zero.
type Options struct {
	URL               string         // REDIS_URL, see ParseURL
	InstanceID        string         // INSTANCE_ID, ^[A-Za-z0-9._-]{1,64}$
	Incarnation       string         // random, one a process, same charset
	HistorySize       int            // HISTORY_SIZE: entries that a room keeps at least; default 10000
	IdempotencyWindow time.Duration  // IDEMPOTENCY_WINDOW: for how long a write may be tried again; default 2 min
	Lease             time.Duration  // PRESENCE_TIMEOUT: how long a present user stays unrenewed; default 30 s
	HeartbeatInterval time.Duration  // HEARTBEAT_INTERVAL; records live three of them; default 10 s
	DeadAfter         time.Duration  // INSTANCE_DEAD_AFTER; default 45 s
	Timeout           time.Duration  // of a dial, a read, a write each; default 2 s
	Silence           time.Duration  // of the subscriber's link until it counts as broken; default 3 s
	MaxEnvelope       int            // bytes of one message on the bus; default 256 KiB
	Dropped           func(r Reason) // called for every message of the bus that is dropped; may be nil
	Log               zerolog.Logger
}

// presenceTTL is the life of a room's presence keys without any news: 120 s, four leases.
const presenceTTL = 120 * time.Second

// nameRule is what isName takes, in words. The check is by hand because it is made twice for every message of
// the bus, where the expression took 1.4 µs.
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

// setDefault sets *v to value where it is zero.
func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// validate reports all that is wrong with the options.
func (o Options) validate() error {
	var errs []error
	for _, f := range []struct{ name, value string }{{"instance id", o.InstanceID}, {"incarnation", o.Incarnation}} {
		if !isName(f.value) {
			errs = append(errs, fmt.Errorf("redisbus: %s %q must match %s", f.name, f.value, nameRule))
		}
	}
	if o.HistorySize < 1 || o.MaxEnvelope < 1 {
		errs = append(errs, errors.New("redisbus: history size and envelope bound must be positive"))
	}
	if o.IdempotencyWindow < time.Second || o.Lease < tagSpan*time.Millisecond || o.HeartbeatInterval < time.Second || o.DeadAfter < o.HeartbeatInterval {
		errs = append(errs, errors.New("redisbus: windows and intervals are too short"))
	}
	return errors.Join(errs...)
}
