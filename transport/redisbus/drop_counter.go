package redisbus

import (
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// logInterval is the minimum time between two log lines with the same reason.
const logInterval = 10 * time.Second

// dropCounter counts and logs invalid messages of the bus. It is safe for concurrent use, because in a cluster one
// reader per shard calls it.
type dropCounter struct {
	onDrop func(Reason)
	log    zerolog.Logger

	mu       sync.Mutex
	loggedAt map[Reason]time.Time
	unlogged map[Reason]int // messages dropped after the last log line
}

func newDropCounter(onDrop func(Reason), log zerolog.Logger) *dropCounter {
	return &dropCounter{onDrop: onDrop, log: log, loggedAt: map[Reason]time.Time{}, unlogged: map[Reason]int{}}
}

// drop counts one dropped message of the channel. It logs at most one line per reason and logInterval.
func (d *dropCounter) drop(channel string, size int, reason Reason, now time.Time) {
	d.onDrop(reason)
	if n := d.takeUnlogged(reason, now); n > 0 {
		d.log.Warn().Str("channel", channel).Int("bytes", size).Str("reason", string(reason)).Int("dropped", n).
			Msg("bus message dropped")
	}
}

// takeUnlogged counts one message, and returns the number of messages to log; 0 if the last line is too recent.
func (d *dropCounter) takeUnlogged(reason Reason, now time.Time) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unlogged[reason]++
	if at, logged := d.loggedAt[reason]; logged && now.Sub(at) < logInterval {
		return 0
	}
	n := d.unlogged[reason]
	d.loggedAt[reason], d.unlogged[reason] = now, 0
	return n
}
