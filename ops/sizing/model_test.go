package main

import (
	"math"
	"testing"
	"time"
)

// roundCosts makes expected values easy to compute by hand.
func roundCosts() *Coefficients {
	return &Coefficients{
		NodeIdle: 1000, NodeConn: 1, NodePing: 15, NodeConnect: 100, NodeWrite: 8, NodeFrame: 0.5, NodeAppend: 50, AppendBusy: 30, NodeReceive: 20, ReceiveBusy: 5,
		NodeBase: 20 << 20, NodeMemory: 10 << 10,
		RedisIdle: 100, RedisAppend: 30, RedisBatched: 5, RedisPublish: 2, RedisBeat: 10, RedisBeatInstance: 1, RedisLease: 1, RedisPresence: 10,
		RedisEnvelope: 300, RedisUser: 100, RedisEntry: 100, RedisKey: 80,
	}
}

func rooms(members, rate float64) Workload {
	return Workload{
		Connections: 1000, Rooms: RoomClasses{{Share: 1, Members: members, Rate: rate}}, Text: 100, PingInterval: 15 * time.Second, Writers: 1,
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %v, not %v", what, got, want)
	}
}

func TestEstimateOnOneNode(t *testing.T) {
	c := Estimate(rooms(10, 2), roundCosts(), 1) // 100 rooms, 200 msg/s, 2,000 deliveries/s
	near(t, "messages", c.Messages, 200)
	near(t, "deliveries", c.Deliveries, 2000)
	near(t, "fan-out", c.Fanout, 2000*8.5)
	near(t, "append", c.Append, 200*50)
	near(t, "receive", c.Receive, 200*20)
	near(t, "open", c.Open, 1000+1000)
	near(t, "presence", c.Presence, 0)
	near(t, "memory", c.NodeMemory, 20<<20+1000*10<<10)
	near(t, "Redis heartbeat", c.Redis.Heartbeat, 0.1*(10+1))
	near(t, "Redis publish", c.Redis.Publish, 200*2)
	near(t, "Redis append", c.Redis.Append, 200*30)
	near(t, "Redis leases", c.Redis.Presence, 100*(10+10)/10.0)
	near(t, "subscriptions", c.Redis.Subscriptions, 100)
}

// Every node with members of a room receives its messages. The number of nodes does not change the deliveries.
func TestEstimateOnMoreNodes(t *testing.T) {
	k := roundCosts() // both rates are below lowRate
	one, ten := Estimate(rooms(500, 2), k, 1), Estimate(rooms(500, 2), k, 10)
	near(t, "receive", ten.Receive/one.Receive, 10)
	near(t, "published", ten.Redis.Publish/one.Redis.Publish, 10)
	near(t, "deliveries", ten.Fanout/one.Fanout, 1)
	near(t, "appends", ten.Append/one.Append, 1)
}

func TestNodesWithMembers(t *testing.T) {
	near(t, "one member", nodesWithMembers(1, 100), 1)
	near(t, "one node", nodesWithMembers(1000, 1), 1)
	if n := nodesWithMembers(2, 100); n < 1.98 || n > 2 {
		t.Errorf("two members are on %v nodes", n)
	}
	if n := nodesWithMembers(10_000, 100); n < 99.9 || n > 100 {
		t.Errorf("10,000 members are on %v nodes", n)
	}
}

func TestBatchSize(t *testing.T) {
	k := roundCosts()
	for _, c := range []struct {
		what          string
		rate, members float64
		flush         time.Duration
		want          float64
	}{
		{"a quiet room", 1, 1000, 0, 1},
		{"a quiet room with a flush interval", 1, 1000, 100 * time.Millisecond, 1},
		{"a busy room with a flush interval", 400, 10, 100 * time.Millisecond, 40},
		{"a pass of 8 ms; 1,000 frames/s of 0.5 µs use half of the core", 1000, 1000, 0, 16},
		{"more frames than the core can copy", 10_000, 1000, 0, 10_000},
	} {
		near(t, c.what, batchSize(RoomClass{Rate: c.rate}, c.members, c.flush, k), c.want)
	}
}

// A node publishes its count of a room at most once per debounce, which grows with its share of the room.
func TestPresenceAnnouncements(t *testing.T) {
	near(t, "no changes", announcements(RoomClass{Members: 1000}, 0, 4), 0)
	near(t, "few changes", announcements(RoomClass{Members: 100}, 0.001, 4), 0.2)
	near(t, "many changes", announcements(RoomClass{Members: 400}, 1, 4), 4/debounce)
	near(t, "many changes in a huge room", announcements(RoomClass{Members: 100_000}, 1, 4), 4/(debounce*maxDebounces))
}

// A presence frame is sent once per debounce. In a large room it waits for a message, at most for the pause.
func TestPresenceFramesWaitForMessages(t *testing.T) {
	for _, c := range []struct {
		what                 string
		members, rate, churn float64
		all, alone           float64
	}{
		{"few changes", 100, 0, 0.001, 0.2, 0.2},
		{"many changes", 400, 0, 1, 1 / debounce, 1 / debounce},
		{"a small room does not wait", 400, 1000, 1, 1 / debounce, 1 / debounce},
		{"a huge room without messages", 40_000, 0, 1, 1 / (34 * debounce), 1 / (34 * debounce)},
		{"a huge room with many messages", 40_000, 1000, 1, 1 / (maxDebounces*debounce + 0.001), 0},
		{"a huge room with few messages", 40_000, 1.0 / 12, 1, 1 / (10*debounce + 12*(1-1/math.E)), 1 / (10*debounce + 12*(1-1/math.E)) / math.E},
	} {
		all, alone := presenceFrames(RoomClass{Members: c.members, Rate: c.rate}, c.churn, 4)
		near(t, c.what, all, c.all)
		near(t, c.what+", alone", alone, c.alone)
	}
}

// Each heartbeat reads the records of all nodes.
func TestHeartbeatsGrowWithSquareOfNodes(t *testing.T) {
	k := roundCosts()
	k.RedisBeat = 0
	small, large := Estimate(rooms(10, 0), k, 100), Estimate(rooms(10, 0), k, 1000)
	near(t, "heartbeats", large.Redis.Heartbeat/small.Redis.Heartbeat, 100)
}

func TestInterpolate(t *testing.T) {
	near(t, "below", interpolate(1, highAppendRate, 50, 32), 50)
	near(t, "at the low rate", interpolate(lowRate, highAppendRate, 50, 32), 50)
	near(t, "between", interpolate(math.Sqrt(lowRate*highAppendRate), highAppendRate, 50, 32), 40)
	near(t, "at the high rate", interpolate(highAppendRate, highAppendRate, 50, 32), 32)
	near(t, "above", interpolate(1e6, highAppendRate, 50, 32), 32)
}
