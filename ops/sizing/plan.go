package main

import (
	"fmt"
	"math"
)

// Limits is what one node and one Redis may use, and prices in one currency. All are assumptions of the operator.
type Limits struct {
	NodeCores       float64
	NodeMemory      float64 // B
	NodeConnections float64 // maximum: file descriptors, and reconnects when the node dies
	NodeBusy        float64 // share of the cores to use
	NodeOutput      float64 // B/s

	RedisMemory  float64 // B
	RedisBusy    float64 // share of its one thread to use
	RedisOutput  float64 // B/s
	RedisClients float64 // maxclients

	CoreHour, GiBHour float64
	EgressGB          float64 // sent to clients
}

// Plan is the smallest number of nodes for a workload, with the Redis masters that it needs.
type Plan struct {
	Cost
	Shards                             float64  // Redis masters; more than one: Redis Cluster
	Exceeded                           []string // limits that no number of nodes or masters keeps
	NodePrice, RedisPrice, EgressPrice float64  // per month
}

const (
	maxNodes        = 1e6 // the search ends here
	nodeConnections = 3   // of a node to a Redis, and to each master of a Cluster
	dataShare       = 0.5 // of a Redis's memory; the rest is for copy-on-write and buffers of clients
	hoursPerMonth   = 730
)

// NewPlan finds the smallest number of nodes for the workload, and then the Redis masters. The cost grows with the
// number of nodes, because each node with members of a room receives its messages. So the search goes step by step,
// and may fail.
func NewPlan(w Workload, k *Coefficients, l Limits) Plan {
	var p Plan
	for n := math.Ceil(w.Connections / l.NodeConnections); ; {
		p.Cost = Estimate(w, k, n)
		use := max(p.NodeCPU()/n/(l.NodeCores*1e6*l.NodeBusy), p.NodeMemory/n/l.NodeMemory, (p.ToClients+p.FromRedis)/n/l.NodeOutput)
		if use <= 1 {
			break
		}
		n = max(n+1, math.Ceil(n*min(use, 1.2)))
		if n > maxNodes {
			p.Exceeded = append(p.Exceeded, "no number of nodes is enough: each must receive more than it can process")
			break
		}
	}
	p.addRedis(l)
	p.NodePrice = p.Nodes * l.price(l.NodeCores, l.NodeMemory)
	p.RedisPrice = 2 * p.Shards * l.price(1, l.RedisMemory) // each master has a replica
	p.EgressPrice = p.ToClients * hoursPerMonth * 3600 / 1e9 * l.EgressGB
	return p
}

// price returns the price of cores and memory per month.
func (l Limits) price(cores, bytes float64) float64 {
	return hoursPerMonth * (cores*l.CoreHour + bytes/gib*l.GiBHour)
}

// addRedis computes the number of masters, and the limits that more masters do not change.
func (p *Plan) addRedis(l Limits) {
	r, thread := p.Redis, l.RedisBusy*1e6
	p.Shards = math.Ceil(max(1, r.CPU()/thread, r.Memory/(l.RedisMemory*dataShare), r.Output/l.RedisOutput))
	exceeded := func(use, limit float64, format string, args ...any) {
		if use > limit {
			p.Exceeded = append(p.Exceeded, fmt.Sprintf(format, args...))
		}
	}
	exceeded(nodeConnections*p.Nodes, l.RedisClients, "%.0f connections to each Redis, which accepts %.0f", nodeConnections*p.Nodes, l.RedisClients)
	exceeded(r.HottestCPU, thread, "one room alone needs %.1f times a Redis thread", r.HottestCPU/thread)
	exceeded(r.HottestOutput, l.RedisOutput, "one room alone needs %.1f times the network of a Redis", r.HottestOutput/l.RedisOutput)
	exceeded(r.Heartbeat, thread, "the heartbeats of %.0f nodes alone need %.1f times a Redis thread", p.Nodes, r.Heartbeat/thread)
}
