package main

import (
	"errors"
	"flag"
	"time"

	"chatnode/ops/rig"
)

const gib = 1 << 30

// options is the flags.
type options struct {
	workload    Workload
	limits      Limits
	connections rig.Numbers // one plan each
	measure     bool
	check       rig.Numbers // nodes of the clusters to measure
	doc         string
}

// register defines the flags. The prices are round numbers of the size that public clouds charged in 2025.
func (o *options) register(fs *flag.FlagSet) {
	w, l := &o.workload, &o.limits
	o.connections = rig.Numbers{1e6, 1e7, 1e8}
	w.Rooms = RoomClasses{{0.7, 10, 0.05}, {0.25, 200, 0.5}, {0.05, 5000, 2}}
	fs.Var(&o.connections, "connections", "numbers of connections; one column each")
	fs.Var(&w.Rooms, "rooms", "classes of rooms, comma-separated: share of the connections, members per room, messages per second in each room")
	fs.Float64Var(&w.Text, "text", 128, "bytes of text per message")
	fs.Float64Var(&w.Churn, "churn", 0.0005, "share of the connections that is replaced per second")
	fs.DurationVar(&w.PingInterval, "ping", 25*time.Second, "ping interval of a client")
	fs.DurationVar(&w.Flush, "flush", 0, "FLUSH_INTERVAL of the nodes")
	fs.Float64Var(&w.History, "history", 1000, "messages in the log of a room; at most HISTORY_SIZE, 10000")
	fs.Float64Var(&l.NodeCores, "pod-cores", 4, "cores of a node")
	fs.Float64Var(&l.NodeMemory, "pod-memory", 4*gib, "bytes of memory of a node")
	fs.Float64Var(&l.NodeConnections, "pod-connections", 100_000, "maximum of connections of a node")
	fs.Float64Var(&l.NodeBusy, "pod-busy", 0.5, "share of a node's cores to use; the rest is for rollouts and reconnects")
	fs.Float64Var(&l.NodeOutput, "pod-network", 250e6, "bytes per second of a node's network to use")
	fs.Float64Var(&l.RedisMemory, "redis-memory", 16*gib, "bytes of memory of a Redis")
	fs.Float64Var(&l.RedisBusy, "redis-busy", 0.5, "share of a Redis thread to use")
	fs.Float64Var(&l.RedisOutput, "redis-network", 500e6, "bytes per second of a Redis's network to use")
	fs.Float64Var(&l.RedisClients, "redis-clients", 10_000, "maxclients of a Redis")
	fs.Float64Var(&l.CoreHour, "price-core", 0.04, "price of a core per hour: an assumption")
	fs.Float64Var(&l.GiBHour, "price-gib", 0.005, "price of a GiB of memory per hour: an assumption")
	fs.Float64Var(&l.EgressGB, "price-egress", 0.02, "price of a GB sent to clients: an assumption; providers differ most in it")
	fs.BoolVar(&o.measure, "measure", false, "measure the costs on this machine (2 minutes; nothing else may run) and write ops/sizing/measured.json")
	fs.Var(&o.check, "check", "measure clusters of these numbers of nodes (1,2,3,4) with 19,000 connections per node, and write ops/sizing/measured.json")
	fs.StringVar(&o.doc, "doc", "", "write the tables into this document (ops/docs/SIZING.md)")
}

// validate checks the flags and completes the workload.
func (o *options) validate() error {
	w, l := &o.workload, &o.limits
	w.Writers = max(1, l.NodeCores/2)
	if !(w.Text > 0 && w.Churn >= 0 && w.PingInterval > 0 && w.Flush >= 0 && w.History >= 0) {
		return errors.New("the flags of the workload must not be negative")
	}
	if !(min(l.NodeCores, l.NodeMemory, l.NodeConnections, l.NodeBusy, l.NodeOutput, l.RedisMemory, l.RedisBusy, l.RedisOutput, l.RedisClients) > 0) {
		return errors.New("the limits of a node and of a Redis must be above 0")
	}
	return nil
}
