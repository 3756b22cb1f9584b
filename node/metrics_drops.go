package node

import (
	"sync/atomic"

	"chatnode/transport/redisbus"
)

// busDrops counts what the bus brought and nobody could use, by reason. The reasons are fixed at
// construction.
type busDrops map[redisbus.Reason]*atomic.Uint64

func newBusDrops() busDrops {
	d := busDrops{}
	for _, r := range redisbus.Reasons() {
		d[r] = &atomic.Uint64{}
	}
	return d
}

// count counts one message.
func (d busDrops) count(why redisbus.Reason) {
	if n := d[why]; n != nil {
		n.Add(1)
	}
}

// each yields every reason and its count.
func (d busDrops) each(yield func(string, uint64) bool) {
	for _, r := range redisbus.Reasons() {
		if !yield(string(r), d[r].Load()) {
			return
		}
	}
}
