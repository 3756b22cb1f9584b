package main

import (
	"math"
	"testing"
	"time"
)

// round costs are easy to reckon with by hand.
func round() *Coefficients {
	return &Coefficients{
		NodeIdle: 1000, NodeConn: 1, NodePing: 15, NodeConnect: 100, NodeWrite: 8, NodeFrame: 0.5, NodeAppend: 50, AppendBusy: 30, NodeHeard: 20, HeardBusy: 5,
		NodeBase: 20 << 20, NodeMemory: 10 << 10,
		RedisIdle: 100, RedisAppend: 30, RedisBatched: 5, RedisHear: 2, RedisBeat: 10, RedisBeatInstance: 1, RedisLease: 1, RedisPresence: 10,
		RedisEnvelope: 300, RedisUser: 100, RedisEntry: 100, RedisKey: 80,
	}
}

func rooms(members, rate float64) Workload {
	return Workload{
		Connections: 1000, Rooms: []RoomClass{{Share: 1, Members: members, Rate: rate}}, Text: 100, PingEvery: 15 * time.Second, Writers: 1,
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %v, not %v", what, got, want)
	}
}

func TestWhatAWorkloadCostsOnOneNode(t *testing.T) {
	c := Estimate(rooms(10, 2), round(), 1) // 100 rooms, 200 msg/s, 2,000 deliveries/s
	near(t, "messages", c.Messages, 200)
	near(t, "deliveries", c.Delivered, 2000)
	near(t, "fan-out", c.Fanout, 2000*8.5)
	near(t, "append", c.Append, 200*50)
	near(t, "heard", c.Heard, 200*20)
	near(t, "open", c.Open, 1000+1000)
	near(t, "presence", c.Presence, 0)
	near(t, "memory", c.NodeMemory, 20<<20+1000*10<<10)
	near(t, "Redis heartbeat", c.Redis.Heartbeat, 0.1*(10+1))
	near(t, "Redis publish", c.Redis.Publish, 200*2)
	near(t, "Redis append", c.Redis.Append, 200*30)
	near(t, "Redis leases", c.Redis.Presence, 100*(10+10)/10.0)
	near(t, "subscriptions", c.Redis.Subscriptions, 100)
}

// A message is heard by every node that has members of its room, and sent to its members once, however
// many nodes there are.
func TestMoreNodesHearMoreAndDeliverTheSame(t *testing.T) {
	k := round() // both are below the rate from which on hearing costs less
	one, ten := Estimate(rooms(500, 2), k, 1), Estimate(rooms(500, 2), k, 10)
	near(t, "heard", ten.Heard/one.Heard, 10)
	near(t, "published", ten.Redis.Publish/one.Redis.Publish, 10)
	near(t, "deliveries", ten.Fanout/one.Fanout, 1)
	near(t, "appends", ten.Append/one.Append, 1)
}

func TestARoomIsOnAsManyNodesAsItHasMembers(t *testing.T) {
	near(t, "one member", nodesOf(1, 100), 1)
	near(t, "one node", nodesOf(1000, 1), 1)
	if n := nodesOf(2, 100); n < 1.98 || n > 2 {
		t.Errorf("two members are on %v nodes", n)
	}
	if n := nodesOf(10_000, 100); n < 99.9 || n > 100 {
		t.Errorf("10,000 members are on %v nodes", n)
	}
}

func TestMessagesAreWrittenTogether(t *testing.T) {
	k := round()
	for _, c := range []struct {
		what          string
		rate, members float64
		flush         time.Duration
		want          float64
	}{
		{"a quiet room", 1, 1000, 0, 1},
		{"a quiet room, gathered", 1, 1000, 100 * time.Millisecond, 1},
		{"a room that is gathered", 400, 10, 100 * time.Millisecond, 40},
		{"a round of 8 ms, half of the core left by 1,000 frames a second of 0.5 µs", 1000, 1000, 0, 16},
		{"more than the core can copy", 10_000, 1000, 0, 10_000},
	} {
		near(t, c.what, batch(RoomClass{Rate: c.rate}, c.members, c.flush, k), c.want)
	}
}

// Every node with news of a room says so at most once in a debounce, which grows with the node's share.
func TestNewsOfWhoIsHere(t *testing.T) {
	near(t, "nobody comes", announcements(RoomClass{Members: 1000}, 0, 4), 0)
	near(t, "few come", announcements(RoomClass{Members: 100}, 0.001, 4), 0.2)
	near(t, "many come", announcements(RoomClass{Members: 400}, 1, 4), 4/debounce)
	near(t, "many come to a huge room", announcements(RoomClass{Members: 100_000}, 1, 4), 4/(debounce*maxDebounce))
}

// Members are told once in a debounce; in a large room with a message, and where there is none later.
func TestNewsGoesAlongWithMessages(t *testing.T) {
	for _, c := range []struct {
		what                 string
		members, rate, churn float64
		told, alone          float64
	}{
		{"few are told of", 100, 0, 0.001, 0.2, 0.2},
		{"many are told of once", 400, 0, 1, 1 / debounce, 1 / debounce},
		{"a small room does not wait for messages", 400, 1000, 1, 1 / debounce, 1 / debounce},
		{"a huge room that is silent", 40_000, 0, 1, 1 / (34 * debounce), 1 / (34 * debounce)},
		{"one that is not", 40_000, 1000, 1, 1 / (maxDebounce*debounce + 0.001), 0},
		{"one that is nearly silent", 40_000, 1.0 / 12, 1, 1 / (10*debounce + 12*(1-1/math.E)), 1 / (10*debounce + 12*(1-1/math.E)) / math.E},
	} {
		told, alone := told(RoomClass{Members: c.members, Rate: c.rate}, c.churn, 4)
		near(t, c.what, told, c.told)
		near(t, c.what+", alone", alone, c.alone)
	}
}

// The heartbeats of all nodes list all nodes.
func TestHeartbeatsGrowWithTheSquareOfTheNodes(t *testing.T) {
	k := round()
	k.RedisBeat = 0
	small, large := Estimate(rooms(10, 0), k, 100), Estimate(rooms(10, 0), k, 1000)
	near(t, "heartbeats", large.Redis.Heartbeat/small.Redis.Heartbeat, 100)
}

func TestWhatComesTogetherCostsLess(t *testing.T) {
	near(t, "few", spread(1, manyTaken, 50, 32), 50)
	near(t, "just few", spread(few, manyTaken, 50, 32), 50)
	near(t, "half way", spread(math.Sqrt(few*manyTaken), manyTaken, 50, 32), 40)
	near(t, "many", spread(manyTaken, manyTaken, 50, 32), 32)
	near(t, "more than was measured", spread(1e6, manyTaken, 50, 32), 32)
}
