package node

import (
	"sync/atomic"

	"chatnode/transport/redisbus"
)

// busDrops counts invalid messages of the bus by reason. newBusDrops adds all reasons.
type busDrops map[redisbus.Reason]*atomic.Uint64

func newBusDrops() busDrops {
	d := busDrops{}
	for _, r := range redisbus.Reasons() {
		d[r] = &atomic.Uint64{}
	}
	return d
}

// count counts one dropped message.
func (d busDrops) count(reason redisbus.Reason) {
	if n := d[reason]; n != nil {
		n.Add(1)
	}
}

// each yields all reasons and their counts.
func (d busDrops) each(yield func(string, uint64) bool) {
	for _, r := range redisbus.Reasons() {
		if !yield(string(r), d[r].Load()) {
			return
		}
	}
}
