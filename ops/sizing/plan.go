package main

import (
	"fmt"
	"math"
)

// A Pod is what one node may have, and a Shard what one Redis may.
type (
	Pod struct {
		Cores       float64
		Memory      float64 // B
		Connections float64 // at most: file descriptors, and how many may reconnect at once when it dies
		Busy        float64 // share of the cores that is planned with
		Output      float64 // B/s of its network that is planned with
	}
	Shard struct {
		Memory  float64 // B
		Busy    float64 // share of its one thread that is planned with
		Output  float64 // B/s
		Clients float64 // maxclients
	}
)

// Prices are assumptions of whoever plans, in one currency.
type Prices struct {
	CoreHour   float64
	GiBHour    float64
	EgressGB   float64 // of what goes to clients
	HoursMonth float64
}

// A Plan is the fewest nodes that hold a workload, and what is around them.
type Plan struct {
	Cost
	Shards  float64
	Cluster bool // more than one Redis: Redis Cluster
	Walls   []string
	Month   Bill
}

// A Bill is money a month.
type Bill struct{ Nodes, Redis, Egress float64 }

// Sum is all of it.
func (b Bill) Sum() float64 { return b.Nodes + b.Redis + b.Egress }

const (
	gib           = 1 << 30
	mostNodes     = 1e6 // beyond it no number of nodes is looked for
	linksNode     = 3   // connections of a node to Redis, guide: Redis Requirements
	linksShard    = 2   // connections of a node to each shard of a Cluster, beside the one for subscriptions
	redisNeedless = 0.5 // share of a shard's memory that data may take: copy-on-write, buffers of clients
)

// MakePlan finds the fewest nodes that hold the workload, and then what Redis it takes. Cost grows with
// the number of nodes, because each must hear what its members' rooms say: so it is found step by step,
// and there may be none.
func MakePlan(w Workload, k *Coefficients, pod Pod, shard Shard, prices Prices) Plan {
	n := math.Ceil(w.Connections / pod.Connections)
	var p Plan
	for {
		p = Plan{Cost: Estimate(w, k, n)}
		fill := max(
			p.NodeCPU()/n/(pod.Cores*1e6*pod.Busy),
			p.NodeMemory/n/pod.Memory,
			(p.ToClients+p.HeardBytes)/n/pod.Output,
		)
		if fill <= 1 {
			break
		}
		next := max(n+1, math.Ceil(n*min(fill, 1.2)))
		if next > mostNodes {
			p.Walls = append(p.Walls, "no number of nodes holds this: each must hear more than it can carry")
			break
		}
		n = next
	}
	p.shard(shard)
	p.bill(pod, shard, prices)
	return p
}

// shard finds how many Redis it takes, and what cannot be divided among any number of them.
func (p *Plan) shard(s Shard) {
	r, room := p.Redis, s.Busy*1e6
	divisible := r.CPU() - r.Heartbeat
	p.Shards = math.Ceil(max(
		1,
		divisible/room+r.Heartbeat/room,
		r.Memory/(s.Memory*redisNeedless),
		r.Output/s.Output,
	))
	p.Cluster = p.Shards > 1
	wall := func(over bool, format string, args ...any) {
		if over {
			p.Walls = append(p.Walls, fmt.Sprintf(format, args...))
		}
	}
	links := linksNode * p.Nodes
	if p.Cluster {
		links = linksShard*p.Nodes + p.Nodes
	}
	wall(links > s.Clients, "%.0f connections to each Redis, of %.0f that it takes", links, s.Clients)
	wall(r.HottestCPU > room, "one room alone needs %.1f times what one Redis thread gives", r.HottestCPU/room)
	wall(r.HottestOutput > s.Output, "one room alone needs %.1f times the network of one Redis", r.HottestOutput/s.Output)
	wall(r.Heartbeat > room, "the heartbeats of %.0f nodes alone need %.1f times what one Redis thread gives", p.Nodes, r.Heartbeat/room)
}

// bill is what a month costs.
func (p *Plan) bill(pod Pod, s Shard, prices Prices) {
	hours := func(cores, bytes float64) float64 {
		return prices.HoursMonth * (cores*prices.CoreHour + bytes/gib*prices.GiBHour)
	}
	p.Month = Bill{
		Nodes:  p.Nodes * hours(pod.Cores, pod.Memory),
		Redis:  2 * p.Shards * hours(1, s.Memory), // each with a replica
		Egress: p.ToClients * prices.HoursMonth * 3600 / 1e9 * prices.EgressGB,
	}
}
