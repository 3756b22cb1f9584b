package main

import (
	"strings"
	"testing"
	"time"
)

var (
	pod    = Pod{Cores: 2, Memory: 4 * gib, Connections: 100_000, Busy: 0.5, Output: 1e9}
	shard  = Shard{Memory: 16 * gib, Busy: 0.5, Output: 1e9, Clients: 10_000}
	prices = Prices{CoreHour: 1, GiBHour: 0.25, EgressGB: 0.1, HoursMonth: 100}
)

func workload(connections float64, classes ...RoomClass) Workload {
	return Workload{Connections: connections, Rooms: classes, Text: 100, PingEvery: 15 * time.Second, Writers: 1}
}

func TestAPlanHoldsWhatItIsFor(t *testing.T) {
	for _, c := range []struct {
		what  string
		work  Workload
		nodes float64
	}{
		{"bound by connections", workload(1e6, RoomClass{Share: 1, Members: 10}), 10},
		{"bound by CPU: 1,000,000 deliveries/s of 8.5 µs, on cores planned half busy", workload(100_000, RoomClass{Share: 1, Members: 10, Rate: 10}), 0},
	} {
		p := MakePlan(c.work, round(), pod, shard, prices)
		if len(p.Walls) > 0 || c.nodes > 0 && p.Nodes != c.nodes {
			t.Errorf("%s: %v nodes, %v", c.what, p.Nodes, p.Walls)
		}
		if used := p.NodeCPU() / p.Nodes / 1e6; used > pod.Cores*pod.Busy {
			t.Errorf("%s: %v nodes, each %v cores busy", c.what, p.Nodes, used)
		}
		if less := Estimate(c.work, round(), p.Nodes*0.8); p.Nodes > 10 && less.NodeCPU()/less.Nodes/1e6 <= pod.Cores*pod.Busy {
			t.Errorf("%s: a fifth fewer than %v nodes would do", c.what, p.Nodes)
		}
	}
}

func TestWallsAreNamed(t *testing.T) {
	for _, c := range []struct {
		what, want string
		work       Workload
	}{
		{"a room that every node must hear", "no number of nodes", workload(1e6, RoomClass{Share: 1, Members: 1e6, Rate: 400_000})},
		{"a room too busy for one Redis", "one room alone", workload(1e6, RoomClass{Share: 0.9, Members: 10}, RoomClass{Share: 0.1, Members: 100_000, Rate: 20_000})},
		{"more nodes than the registry can list", "heartbeats", workload(5e8, RoomClass{Share: 1, Members: 10})},
		{"more nodes than a Redis takes connections of", "connections to each Redis", workload(5e8, RoomClass{Share: 1, Members: 10})},
	} {
		p := MakePlan(c.work, round(), pod, shard, prices)
		if walls := strings.Join(p.Walls, "; "); !strings.Contains(walls, c.want) {
			t.Errorf("%s: %v nodes, %q", c.what, p.Nodes, walls)
		}
	}
}

func TestTheBill(t *testing.T) {
	p := Plan{Cost: Cost{Nodes: 3, ToClients: 1e6}, Shards: 2}
	p.bill(pod, shard, prices)
	near(t, "nodes", p.Month.Nodes, 3*100*(2+4*0.25))
	near(t, "Redis", p.Month.Redis, 2*2*100*(1+16*0.25))
	near(t, "egress", p.Month.Egress, 1e6*100*3600/1e9*0.1)
	near(t, "all", p.Month.Sum(), p.Month.Nodes+p.Month.Redis+p.Month.Egress)
}

// One Redis suffices as long as its thread, its memory and its network do.
func TestWhenClusterMustBegin(t *testing.T) {
	if p := MakePlan(workload(100_000, RoomClass{Share: 1, Members: 10, Rate: 0.1}), round(), pod, shard, prices); p.Cluster || p.Shards != 1 {
		t.Errorf("1,000 msg/s: %v shards", p.Shards)
	}
	if p := MakePlan(workload(1e7, RoomClass{Share: 1, Members: 10, Rate: 0.1}), round(), pod, shard, prices); !p.Cluster || p.Shards < 4 {
		t.Errorf("100,000 msg/s: %v shards", p.Shards)
	}
}
