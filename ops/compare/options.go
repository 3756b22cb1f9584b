package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"chatnode/ops/rig"
)

const (
	chatnode   = "chatnode"
	bound      = "log"                              // the system that ratios refer to
	allSystems = "chatnode,log,writers,broadcaster" // in the order of the tables; all but chatnode are modes of the peer

	connectRate = 20_000          // connections/s: more than a server accepts, so connects/s is the server's
	minProfiled = 3 * time.Second // shortest load with a profile
)

// options is the flags.
type options struct {
	connections, rooms, size int
	rounds, nodes, silent    int
	rates, outstanding       rig.Numbers
	duration, idle           time.Duration
	names, profile           string
	redis                    bool
	systems                  []string // of names
}

func (o *options) register(fs *flag.FlagSet) {
	o.rates = rig.Numbers{100, 400}
	fs.IntVar(&o.connections, "n", 1000, "connections")
	fs.IntVar(&o.rooms, "rooms", 1, "rooms; connection i is in room i%rooms")
	fs.IntVar(&o.size, "size", 128, "bytes of text per message")
	fs.Var(&o.rates, "rates", "messages per second in all rooms together, one run each; empty: memory and connecting only")
	fs.DurationVar(&o.duration, "duration", 5*time.Second, "how long each run sends")
	fs.DurationVar(&o.idle, "idle", 6*time.Second, "how long to hold idle connections and measure memory; 0: skip, as with -silent, -outstanding and -profile")
	fs.IntVar(&o.rounds, "rounds", 3, "runs of each load on each system; the tables show medians")
	fs.IntVar(&o.silent, "silent", 0, "connections that stop reading after they have joined; each load runs without and with them")
	fs.Var(&o.outstanding, "outstanding", "unacknowledged messages per connection, one run each, instead of -rates; with Redis also redis-benchmark")
	fs.StringVar(&o.profile, "profile", "", "folder for CPU profiles of the first node at each rate; prints the share of mailboxes, supervision, metrics and journal")
	fs.StringVar(&o.names, "systems", "", "systems to measure, by default "+allSystems+"; only chatnode with -silent, -outstanding or -profile")
	fs.BoolVar(&o.redis, "redis", false, "run chatnode with a redis-server")
	fs.IntVar(&o.nodes, "nodes", 1, "chatnodes that share a redis-server and the connections; more than 1 implies -redis")
}

// check validates the flags and completes systems, rates, redis and idle.
func (o *options) check() error {
	special := o.silent > 0 || len(o.outstanding) > 0 || o.profile != ""
	if o.names == "" && special {
		o.names = chatnode
	}
	o.systems = strings.Split(cmp.Or(o.names, allSystems), ",")
	if special {
		o.idle = 0
	}
	if len(o.outstanding) > 0 {
		o.rates = nil
	}
	o.redis = o.redis || o.nodes > 1
	onlyNodes := !slices.ContainsFunc(o.systems, func(name string) bool { return name != chatnode })
	switch {
	case slices.ContainsFunc(o.systems, func(name string) bool { return !slices.Contains(strings.Split(allSystems, ","), name) }):
		return fmt.Errorf("-systems: %q has an unknown system; known are %s", o.names, allSystems)
	case o.rooms < 1 || o.rooms > o.connections:
		return errors.New("-n must be at least 1, and -rooms 1 to -n")
	case o.rounds < 1 || o.nodes < 1 || o.duration <= 0:
		return errors.New("-rounds, -nodes and -duration must be above 0")
	case o.silent < 0 || o.silent >= o.connections:
		return errors.New("-silent must be 0 or more, and less than -n")
	case len(o.outstanding) > 0 && (o.silent > 0 || !onlyNodes):
		return errors.New("-outstanding needs chatnode as the only system, without -silent")
	case o.profile != "" && (o.silent > 0 || len(o.rates) == 0 || o.duration < minProfiled || !slices.Contains(o.systems, chatnode)):
		return fmt.Errorf("-profile needs chatnode, -rates and a -duration of at least %v, without -silent", minProfiled)
	}
	return nil
}

// loads returns the loads of one round. With silent members, the order of the two runs alternates between rounds.
func (o *options) loads(round int) (all []rig.Load) {
	base := rig.Load{Connections: o.connections, Rooms: o.rooms, Size: o.size, ConnectRate: connectRate, Duration: o.duration}
	if o.idle > 0 {
		l := base
		l.Duration = o.idle
		all = append(all, l)
	}
	for _, rate := range o.rates {
		l := base
		l.Rate = rate
		all = append(all, l)
		if o.silent > 0 {
			l.Silent = o.silent
			all = slices.Insert(all, len(all)-round%2, l)
		}
	}
	for _, n := range o.outstanding {
		l := base
		l.Outstanding = int(n)
		all = append(all, l)
	}
	return all
}
