package main

import (
	"math"
	"time"
)

// What the nodes do by the clock, as they are set by default.
const (
	beatEvery     = 10.0  // s: HEARTBEAT_INTERVAL
	leaseEvery    = 10.0  // s: a third of PRESENCE_TIMEOUT
	debounce      = 0.5   // s: PRESENCE_DEBOUNCE
	hugeRoom      = 1000  // users from which on the debounce grows with the room
	maxDebounce   = 10    // times PRESENCE_DEBOUNCE
	lonelyRoom    = 300   // members from which on news that is written by itself waits longer
	lonelyPause   = 60    // times PRESENCE_DEBOUNCE, at most
	keyLife       = 225.0 // s: from one and a half to two and a quarter of IDEMPOTENCY_WINDOW
	roundTrip     = 500e-6
	presenceFrame = 120.0 // bytes of a presence frame
	messageFrame  = 330.0 // bytes of a new_message beyond its text
)

// A Cost is what a workload costs on so many nodes. µs/s is µs of processor time in a second, so
// 1,000,000 of them are one core; B/s is bytes a second.
type Cost struct {
	Nodes float64

	Fanout     float64 // µs/s of all nodes: writes to members
	Append     float64 // µs/s of all nodes: messages from senders
	Heard      float64 // µs/s of all nodes: messages from Redis
	Open       float64 // µs/s of all nodes: open connections, coming and going ones, the nodes themselves
	Presence   float64 // µs/s of all nodes: news of who is here, to members
	NodeMemory float64 // B of all nodes
	ToClients  float64 // B/s from all nodes to clients
	HeardBytes float64 // B/s from Redis to all nodes
	Delivered  float64 // messages a second shown to connections
	Messages   float64 // messages a second sent by them

	Redis RedisCost
}

// NodeCPU is what all nodes spend, in µs/s.
func (c *Cost) NodeCPU() float64 { return c.Fanout + c.Append + c.Heard + c.Open + c.Presence }

// Estimate is what a workload costs on n nodes, connections spread over them at random. It has no
// state and does no I/O.
func Estimate(w Workload, k *Coefficients, n float64) Cost {
	c := Cost{Nodes: n}
	each := k.NodeConn * k.NodePing / w.PingEvery.Seconds() // the lease is the smaller part, and goes with it
	c.Open = n*k.NodeIdle + w.Connections*(each+w.Churn*k.NodeConnect)
	c.NodeMemory = n*k.NodeBase + w.Connections*k.NodeMemory
	taken, hears := traffic(w, n)
	app, heard := spread(taken, manyTaken, k.NodeAppend, k.AppendBusy), spread(hears, manyHeard, k.NodeHeard, k.HeardBusy)
	for _, room := range w.Rooms {
		count := room.count(w.Connections)
		at := nodesOf(room.Members, n)
		b := batch(room, room.Members/at/w.Writers, w.Flush, k)
		delivered := count * room.Rate * room.Members
		c.Messages += count * room.Rate
		c.Delivered += delivered
		c.Fanout += delivered * (k.NodeWrite/b + k.NodeFrame)
		c.Append += count * room.Rate * app
		c.Heard += count * room.Rate * at * heard
		c.HeardBytes += count * room.Rate * at * (w.Text + k.RedisEnvelope)
		c.ToClients += delivered * (w.Text + messageFrame)
		news := count * announcements(room, w.Churn, at)
		told, alone := told(room, w.Churn, at)
		c.Presence += news*at*heard + count*room.Members*(alone*k.NodeWrite+told*k.NodeFrame)
		c.HeardBytes += news * at * k.RedisEnvelope
		c.ToClients += count * told * room.Members * presenceFrame
	}
	c.Redis = estimateRedis(w, k, n)
	return c
}

// traffic is how many messages a second each node takes from clients, and how many it hears.
func traffic(w Workload, n float64) (taken, hears float64) {
	for _, room := range w.Rooms {
		count, at := room.count(w.Connections), nodesOf(room.Members, n)
		taken += count * room.Rate / n
		hears += count * at / n * (room.Rate + announcements(room, w.Churn, at))
	}
	return taken, hears
}

// The rates, messages a second of a node, between which its costs were measured.
const few, manyTaken, manyHeard = 400.0, 4000.0, 1600.0

// spread is what a message costs a node that has so many a second. A message that comes alone wakes
// everything on its way; where many come some ways are shared. Between the two rates that were measured
// it is a power of the rate, as runs between them have shown; outside them nothing is assumed.
func spread(rate, many, alone, busy float64) float64 {
	share := min(1, max(0, math.Log(max(rate, 1)/few)/math.Log(many/few)))
	return math.Pow(alone, 1-share) * math.Pow(busy, share)
}

// nodesOf is on how many of n nodes a room has members, where each member is anywhere.
func nodesOf(members, n float64) float64 { return n * (1 - math.Pow(1-1/n, members)) }

// batch is how many messages of a room go to a member in one write. It is one, unless FLUSH_INTERVAL
// lets them gather, or the room is so busy that the next ones come while its writer is still on its
// way round its members of the room: then a round takes as long as it takes, and carries what has come meanwhile.
func batch(room RoomClass, members float64, flush time.Duration, k *Coefficients) float64 {
	free := 1e6 - room.Rate*members*k.NodeFrame // µs/s of the writer's core that are left for the writes
	round := math.Inf(1)
	if free > 0 {
		round = members * k.NodeWrite / free // s
	}
	return max(1, room.Rate*flush.Seconds(), min(room.Rate*round, room.Rate)) // more than a second's worth is no chat
}

// announcements is how many times a second nodes say how many are in a room. Each node that has news of it
// says so once in a debounce, which grows with the room.
func announcements(room RoomClass, churn, at float64) float64 {
	return min(changes(room, churn), at/longest(room, at))
}

// told is how many times a second the members of a room are told, however many nodes announce: with the next
// message once the debounce is over, or else alone when the longer pause is. What is rare waits for nothing.
func told(room RoomClass, churn, at float64) (told, alone float64) {
	if rare := changes(room, churn); rare*pause(room, at) <= 1 {
		return rare, rare
	}
	wait := pause(room, at) - longest(room, at) // for a message
	company := 1 - math.Exp(-room.Rate*wait)
	mean := wait
	if room.Rate > 0 {
		mean = company / room.Rate // how long it takes in the mean, no longer than wait
	}
	told = min(changes(room, churn), 1/(longest(room, at)+mean))
	return told, told * (1 - company)
}

// changes is how many come and go in a second: one leaves, one comes.
func changes(room RoomClass, churn float64) float64 { return 2 * churn * room.Members }

// pause is how long news waits on a node that has nothing else to tell the room's members, s.
func pause(room RoomClass, at float64) float64 {
	return debounce * min(1+math.Floor(room.Members/at/lonelyRoom), lonelyPause)
}

// longest is the debounce of a node's share of a room, s.
func longest(room RoomClass, at float64) float64 {
	return debounce * min(1+math.Floor(room.Members/at/hugeRoom), maxDebounce)
}
