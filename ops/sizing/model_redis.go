package main

// RedisCost is the cost of all Redis masters together, and the parts that cannot be divided.
type RedisCost struct {
	Append    float64 // µs/s
	Publish   float64 // µs/s: messages to nodes with members
	Presence  float64 // µs/s: leases and changes
	Heartbeat float64 // µs/s: on the master with the registry
	Probes    float64 // µs/s
	Memory    float64 // B
	Output    float64 // B/s

	HottestCPU    float64 // µs/s of the most expensive room, which is on one master
	HottestOutput float64 // B/s of the room with the most output
	Subscriptions float64 // of all nodes
}

// CPU returns the processor time of all masters in µs/s.
func (r *RedisCost) CPU() float64 {
	return r.Append + r.Publish + r.Presence + r.Heartbeat + r.Probes
}

const (
	heartbeatInterval = 10.0  // s: HEARTBEAT_INTERVAL
	leaseInterval     = 10.0  // s: a third of PRESENCE_TIMEOUT
	keyTTL            = 225.0 // s: 1.5 to 2.25 times IDEMPOTENCY_WINDOW
	roundTrip         = 500e-6
	instanceBytes     = 350.0 // memory of an instance in the registry
	recordBytes       = 165.0 // output per instance in the result of a heartbeat
	roomBytes         = 600.0 // memory of a room's keys without their elements
)

func estimateRedis(w Workload, k *Coefficients, n float64) RedisCost {
	r := RedisCost{
		Heartbeat: n / heartbeatInterval * (k.RedisBeat + n*k.RedisBeatInstance),
		Probes:    n * k.RedisIdle,
		Output:    n / heartbeatInterval * n * recordBytes,
		Memory:    n * instanceBytes,
	}
	appended, _ := nodeRates(w, n)
	batch := max(1, appended*roundTrip) // messages in one round trip
	for _, room := range w.Rooms {
		count, nodes := room.count(w.Connections), nodesWithMembers(room.Members, n)
		appends := room.Rate * (k.RedisBatched + (k.RedisAppend-k.RedisBatched)/batch)
		publish := room.Rate * nodes * k.RedisPublish
		announced := announcements(room, w.Churn, nodes)
		presence := announced*(k.RedisPresence+nodes*k.RedisPublish) + (nodes*k.RedisPresence+room.Members*k.RedisLease)/leaseInterval
		output := room.Rate*nodes*(w.Text+k.RedisEnvelope) + announced*nodes*k.RedisEnvelope
		r.Append += count * appends
		r.Publish += count * publish
		r.Presence += count * presence
		r.Output += count * output
		r.Subscriptions += count * nodes
		r.Memory += count * (roomBytes + room.Members*k.RedisUser + room.Rate*keyTTL*k.RedisKey)
		if room.Rate > 0 {
			r.Memory += count * w.History * (w.Text + k.RedisEntry)
		}
		r.HottestCPU = max(r.HottestCPU, appends+publish+presence)
		r.HottestOutput = max(r.HottestOutput, output)
	}
	return r
}
