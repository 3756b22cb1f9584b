package main

import (
	"errors"
	"fmt"
	"time"

	"chatnode/ops/rig"
)

// Nodes and Redis together must leave most of two cores free for the load tester, because on a saturated machine
// writes grow large and hide their cost.
const (
	manyNodes     = 4
	textBytes     = 128
	clientPing    = 15.0 // s: ping interval of ops/loadtest at the default PING_INTERVAL
	flushInterval = 100 * time.Millisecond
	idleTime      = 10 * time.Second
	sendTime      = 10 * time.Second
)

// bench measures clusters.
type bench struct {
	*rig.Bench
	k Coefficients // those measured so far
}

// Members of the rooms, and messages/s in them.
const (
	smallMembers   = manyNodes // one per node, or all on the only node
	hugeMembers    = 1000
	flushedMembers = 500
	quietRate      = 50
)

// messageCosts is the cost of a message to all nodes together, in each run. A and R are the costs to append and to
// receive it, S is their sum at quietRate. W is node.write and F is node.frame. Low and high are the rates.
type messageCosts struct {
	spread, spreadHigh float64 // rooms of 4 on 4 nodes:              A(low) + 4 R(low or high) + 4 (W + F)
	quiet, low, high   float64 // rooms of 4 on one node:             S, or A + R at the rate,  + 4 (W + F)
	huge               float64 // a room of 1,000:                    S + 1,000 (W + F)
	flushed, batch     float64 // a room of 500, batch in one write:  A(low) + R(low) + 500 (W / batch + F)
}

// solve computes the coefficients.
func (m *messageCosts) solve(k *Coefficients) {
	delivery := (m.huge - m.quiet) / (hugeMembers - smallMembers)
	both := m.low - smallMembers*delivery // A + R, low
	k.NodeWrite = (delivery - (m.flushed-both)/flushedMembers) / (1 - 1/m.batch)
	k.NodeFrame = max(0, delivery-k.NodeWrite)
	k.NodeReceive = max(0, (m.spread-m.low)/(manyNodes-1))
	k.NodeAppend = max(0, both-k.NodeReceive)
	k.ReceiveBusy = max(0, (m.spreadHigh-smallMembers*delivery-k.NodeAppend)/manyNodes)
	k.AppendBusy = max(0, m.high-smallMembers*delivery-k.ReceiveBusy)
}

// measure returns all coefficients. Each run isolates one more of them.
func (b *bench) measure() Coefficients {
	b.k = Coefficients{NodePing: clientPing}
	b.measureRedis()
	var m messageCosts
	b.start(manyNodes)
	b.measureIdle()
	m.spread = b.perMessage(100*smallMembers, 100, lowRate)
	m.spreadHigh = b.perMessage(100*smallMembers, 100, highReceiveRate)
	b.start(1)
	b.measureOpen()
	m.quiet = b.perMessage(100*smallMembers, 100, quietRate)
	m.low = b.perMessage(100*smallMembers, 100, lowRate)
	m.high = b.perMessage(100*smallMembers, 100, highAppendRate)
	m.huge = b.perMessage(hugeMembers, 1, quietRate)
	b.start(1, "FLUSH_INTERVAL="+flushInterval.String())
	const writes, sent = "chatnode_socket_writes_total", lowRate * float64(sendTime/time.Second)
	before := b.Counters()[writes]
	m.flushed = b.perMessage(flushedMembers, 1, lowRate)
	// Without acks, the frames of joining, and the first presence.
	m.batch = sent * flushedMembers / (b.Counters()[writes] - before - sent - 4*flushedMembers)
	m.solve(&b.k)
	return b.k
}

// start replaces the cluster by a new one.
func (b *bench) start(nodes int, env ...string) {
	b.Stop()
	b.StartRedis()
	b.StartNodes(nodes, env...)
}

// measureIdle measures nodes without connections.
func (b *bench) measureIdle() {
	b.Pause(3 * time.Second)
	from := b.Measure()
	b.Pause(idleTime)
	to := b.Measure()
	used := to.Since(from)
	b.k.NodeIdle, b.k.RedisIdle = used.Servers/used.Seconds/manyNodes, used.Redis/used.Seconds/manyNodes
	b.k.NodeBase = to.Servers.Memory / manyNodes
}

// measureOpen measures connections without messages on one node.
func (b *bench) measureOpen() {
	const connections, senders = 11_000, 1000
	const held = connections - senders
	o := b.run(rig.Load{
		Connections: connections, Senders: senders, Rooms: senders, ConnectRate: 5000,
		Calm: 3 * time.Second, Settle: 20 * time.Second, Duration: time.Second,
	})
	quiet := o.Quiet[1].Since(o.Quiet[0])
	b.k.NodeConn = max(0, quiet.Servers/quiet.Seconds-b.k.NodeIdle) / held
	b.k.NodeConnect = o.Quiet[0].Since(o.Before).Servers / held
	b.k.NodeMemory = (o.Quiet[1].Servers.Memory - o.Before.Servers.Memory) / held
}

// perMessage returns the cost of a message to all nodes, without the cost of idle nodes and open connections.
func (b *bench) perMessage(connections, rooms int, rate float64) float64 {
	l := rig.Load{Connections: connections, Rooms: rooms, Rate: rate, ConnectRate: 5000, Duration: sendTime}
	o := b.run(l)
	from, sending := o.Steady(l)
	used := o.End.Since(from)
	idle := float64(len(b.Servers))*b.k.NodeIdle + float64(connections)*b.k.NodeConn
	return (used.Servers - idle*used.Seconds) / (sending * rate)
}

// run runs a load, which must not find faults.
func (b *bench) run(l rig.Load) *rig.Outcome {
	l.Size = textBytes
	fmt.Fprintf(b.Log, "%d node(s), %d connections in %d rooms, %g msg/s\n", len(b.Servers), l.Connections, l.Rooms, l.Rate)
	o := b.Run(l)
	if b.Err() == nil && !o.OK {
		b.Fail(errors.New("the loadtest found faults"))
	}
	return o
}

// The load of a check: as many connections per node as a process may open, and members of all rooms on every node.
const (
	checkConnections = 19_000
	checkRooms       = 1900
	checkRate        = 400  // messages/s in all rooms
	checkConnectRate = 4000 // connections/s
)

// check measures clusters of the given numbers of nodes.
func (b *bench) check(sizes []float64) (all []Cluster) {
	for _, n := range sizes {
		b.start(int(n))
		l := rig.Load{
			Connections: int(n) * checkConnections, Senders: checkRooms, Rooms: checkRooms, Rate: checkRate, ConnectRate: checkConnectRate,
			Duration: 15 * time.Second, Calm: 10 * time.Second, Settle: 12 * time.Second,
		}
		o := b.run(l)
		steady, _ := o.Steady(l)
		quiet, busy := o.Quiet[1].Since(o.Quiet[0]), o.End.Since(steady)
		all = append(all, Cluster{
			Nodes: int(n), Connections: l.Connections, Rooms: l.Rooms, Rate: l.Rate,
			QuietNode: quiet.Servers / quiet.Seconds, QuietRedis: quiet.Redis / quiet.Seconds,
			Node: busy.Servers / busy.Seconds, Redis: busy.Redis / busy.Seconds, NodeMemory: o.End.Servers.Memory,
		})
	}
	return all
}

// workload returns the load of a check as a workload of the model.
func (c *Cluster) workload(rate float64) Workload {
	return Workload{
		Connections: float64(c.Connections), Text: textBytes, PingInterval: clientPing * time.Second, Writers: 1,
		Rooms: RoomClasses{{Share: 1, Members: float64(c.Connections / c.Rooms), Rate: rate / float64(c.Rooms)}},
	}
}
