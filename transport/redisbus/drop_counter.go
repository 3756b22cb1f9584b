package redisbus

import (
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// logEvery is how often one reason of dropping is logged at most.
const logEvery = 10 * time.Second

// dropCounter counts and logs what the bus brought and nobody can use.
type dropCounter struct {
	hook func(Reason)
	log  zerolog.Logger

	mu    sync.Mutex // readers of several shards share it
	last  map[Reason]time.Time
	since map[Reason]int // dropped since the last line
}

func newDrops(hook func(Reason), log zerolog.Logger) *dropCounter {
	return &dropCounter{hook: hook, log: log, last: map[Reason]time.Time{}, since: map[Reason]int{}}
}

// drop counts one message that came on the channel and logs it if its reason was not logged lately.
func (d *dropCounter) drop(channel string, size int, why Reason, now time.Time) {
	d.hook(why)
	if n := d.due(why, now); n > 0 {
		d.log.Warn().Str("channel", channel).Int("bytes", size).Str("reason", string(why)).Int("dropped", n).Msg("bus message dropped")
	}
}

// due returns how many to log of, 0 where it is too early.
func (d *dropCounter) due(why Reason, now time.Time) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.since[why]++
	if last, logged := d.last[why]; logged && now.Sub(last) < logEvery {
		return 0
	}
	n := d.since[why]
	d.last[why], d.since[why] = now, 0
	return n
}
