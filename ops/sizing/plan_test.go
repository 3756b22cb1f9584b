package main

import (
	"strings"
	"testing"
	"time"
)

var limits = Limits{
	NodeCores: 2, NodeMemory: 4 * gib, NodeConnections: 100_000, NodeBusy: 0.5, NodeOutput: 1e9,
	RedisMemory: 16 * gib, RedisBusy: 0.5, RedisOutput: 1e9, RedisClients: 10_000,
	CoreHour: 1, GiBHour: 0.25, EgressGB: 0.1,
}

func workload(connections float64, classes ...RoomClass) Workload {
	return Workload{Connections: connections, Rooms: classes, Text: 100, PingInterval: 15 * time.Second, Writers: 1}
}

func TestPlanHoldsWorkload(t *testing.T) {
	for _, c := range []struct {
		what  string
		work  Workload
		nodes float64
	}{
		{"bound by connections", workload(1e6, RoomClass{Share: 1, Members: 10}), 10},
		{"bound by CPU: 1,000,000 deliveries/s of 8.5 µs, on cores planned half busy", workload(100_000, RoomClass{Share: 1, Members: 10, Rate: 10}), 0},
	} {
		p := NewPlan(c.work, roundCosts(), limits)
		if len(p.Exceeded) > 0 || c.nodes > 0 && p.Nodes != c.nodes {
			t.Errorf("%s: %v nodes, %v", c.what, p.Nodes, p.Exceeded)
		}
		if used := p.NodeCPU() / p.Nodes / 1e6; used > limits.NodeCores*limits.NodeBusy {
			t.Errorf("%s: %v nodes, each %v cores busy", c.what, p.Nodes, used)
		}
		if less := Estimate(c.work, roundCosts(), p.Nodes*0.8); p.Nodes > 10 && less.NodeCPU()/less.Nodes/1e6 <= limits.NodeCores*limits.NodeBusy {
			t.Errorf("%s: 80 %% of %v nodes are enough", c.what, p.Nodes)
		}
	}
}

func TestPlanNamesLimits(t *testing.T) {
	for _, c := range []struct {
		what, want string
		work       Workload
	}{
		{"a room with members on every node", "no number of nodes", workload(1e6, RoomClass{Share: 1, Members: 1e6, Rate: 400_000})},
		{"a room too busy for one Redis", "one room alone", workload(1e6, RoomClass{Share: 0.9, Members: 10}, RoomClass{Share: 0.1, Members: 100_000, Rate: 20_000})},
		{"more nodes than the registry can serve", "heartbeats", workload(5e8, RoomClass{Share: 1, Members: 10})},
		{"more nodes than connections of a Redis", "connections to each Redis", workload(5e8, RoomClass{Share: 1, Members: 10})},
	} {
		p := NewPlan(c.work, roundCosts(), limits)
		if exceeded := strings.Join(p.Exceeded, "; "); !strings.Contains(exceeded, c.want) {
			t.Errorf("%s: %v nodes, %q", c.what, p.Nodes, exceeded)
		}
	}
}

func TestPlanPrices(t *testing.T) {
	p := NewPlan(workload(1e6, RoomClass{Share: 1, Members: 10, Rate: 0.1}), roundCosts(), limits)
	near(t, "nodes", p.NodePrice, p.Nodes*730*(2+4*0.25))
	near(t, "Redis", p.RedisPrice, 2*p.Shards*730*(1+16*0.25))
	near(t, "egress", p.EgressPrice, p.ToClients*730*3600/1e9*0.1)
}

// One Redis is enough until its thread, its memory or its network is not.
func TestPlanAddsRedisMasters(t *testing.T) {
	if p := NewPlan(workload(100_000, RoomClass{Share: 1, Members: 10, Rate: 0.1}), roundCosts(), limits); p.Shards != 1 {
		t.Errorf("1,000 msg/s: %v shards", p.Shards)
	}
	if p := NewPlan(workload(1e7, RoomClass{Share: 1, Members: 10, Rate: 0.1}), roundCosts(), limits); p.Shards < 4 {
		t.Errorf("100,000 msg/s: %v shards", p.Shards)
	}
}
