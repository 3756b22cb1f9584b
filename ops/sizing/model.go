package main

import (
	"math"
	"time"
)

// Rates in messages/s of a node, between which its costs were measured.
const lowRate, highAppendRate, highReceiveRate = 400.0, 4000.0, 1600.0

// Bytes of frames: presence, and a new_message without its text.
const presenceFrame, messageFrame = 120.0, 330.0

// Cost is the cost of a workload on n nodes. µs/s is µs of processor time per second: 1,000,000 µs/s are one core.
type Cost struct {
	Nodes float64

	Fanout   float64 // µs/s of all nodes: writes to members
	Append   float64 // µs/s of all nodes: messages from clients
	Receive  float64 // µs/s of all nodes: messages from Redis
	Open     float64 // µs/s of all nodes: open and new connections, and the nodes themselves
	Presence float64 // µs/s of all nodes: presence, to members

	NodeMemory float64 // B of all nodes
	ToClients  float64 // B/s from all nodes
	FromRedis  float64 // B/s to all nodes
	Deliveries float64 // messages/s to connections
	Messages   float64 // messages/s from connections

	Redis RedisCost
}

// NodeCPU returns the processor time of all nodes in µs/s.
func (c *Cost) NodeCPU() float64 { return c.Fanout + c.Append + c.Receive + c.Open + c.Presence }

// Estimate returns the cost of a workload on n nodes, if the connections are spread over them at random. It is pure.
func Estimate(w Workload, k *Coefficients, n float64) Cost {
	c := Cost{Nodes: n, Redis: estimateRedis(w, k, n)}
	connection := k.NodeConn * k.NodePing / w.PingInterval.Seconds() // pings are most of it
	c.Open = n*k.NodeIdle + w.Connections*(connection+w.Churn*k.NodeConnect)
	c.NodeMemory = n*k.NodeBase + w.Connections*k.NodeMemory
	appended, received := nodeRates(w, n)
	appendCost := interpolate(appended, highAppendRate, k.NodeAppend, k.AppendBusy)
	receiveCost := interpolate(received, highReceiveRate, k.NodeReceive, k.ReceiveBusy)
	for _, room := range w.Rooms {
		count := room.count(w.Connections)
		nodes := nodesWithMembers(room.Members, n)
		b := batchSize(room, room.Members/nodes/w.Writers, w.Flush, k)
		deliveries := count * room.Rate * room.Members
		c.Messages += count * room.Rate
		c.Deliveries += deliveries
		c.Fanout += deliveries * (k.NodeWrite/b + k.NodeFrame)
		c.Append += count * room.Rate * appendCost
		c.Receive += count * room.Rate * nodes * receiveCost
		c.FromRedis += count * room.Rate * nodes * (w.Text + k.RedisEnvelope)
		c.ToClients += deliveries * (w.Text + messageFrame)
		announced := count * announcements(room, w.Churn, nodes)
		frames, alone := presenceFrames(room, w.Churn, nodes)
		c.Presence += announced*nodes*receiveCost + count*room.Members*(alone*k.NodeWrite+frames*k.NodeFrame)
		c.FromRedis += announced * nodes * k.RedisEnvelope
		c.ToClients += count * frames * room.Members * presenceFrame
	}
	return c
}

// nodeRates returns the messages/s that a node receives from clients and from Redis.
func nodeRates(w Workload, n float64) (appended, received float64) {
	for _, room := range w.Rooms {
		count, nodes := room.count(w.Connections), nodesWithMembers(room.Members, n)
		appended += count * room.Rate / n
		received += count * nodes / n * (room.Rate + announcements(room, w.Churn, nodes))
	}
	return appended, received
}

// interpolate returns the cost of a message at a rate, from its costs at lowRate and at a high rate. The cost falls
// with the rate, because messages that arrive together share wake-ups. Between the rates it is a power of the rate,
// as measurements showed. Outside of them it is constant.
func interpolate(rate, high, atLow, atHigh float64) float64 {
	x := min(1, max(0, math.Log(max(rate, 1)/lowRate)/math.Log(high/lowRate)))
	return math.Pow(atLow, 1-x) * math.Pow(atHigh, x)
}

// nodesWithMembers returns the expected number of nodes with members of a room.
func nodesWithMembers(members, n float64) float64 { return n * (1 - math.Pow(1-1/n, members)) }

// batchSize returns the number of messages of a room in one write to a member. It is 1 except in two cases:
// FLUSH_INTERVAL delays messages, or the next messages arrive while the writer still serves its members of the room.
// In the second case, a pass contains the messages of the pass before.
func batchSize(room RoomClass, members float64, flush time.Duration, k *Coefficients) float64 {
	free := 1e6 - room.Rate*members*k.NodeFrame // µs/s of the writer's core for the writes
	pass := math.Inf(1)
	if free > 0 {
		pass = members * k.NodeWrite / free // s
	}
	return max(1, room.Rate*flush.Seconds(), min(room.Rate*pass, room.Rate)) // at most one second
}
