package main

// A RedisCost is Redis's part, over all shards together, and what of it can not be divided.
type RedisCost struct {
	Append    float64 // µs/s
	Publish   float64 // µs/s: messages to the nodes that have members
	Presence  float64 // µs/s: leases and changes
	Heartbeat float64 // µs/s: on the one shard that has the registry
	Probes    float64 // µs/s
	Memory    float64 // B
	Output    float64 // B/s

	HottestCPU    float64 // µs/s: the costliest room, which is on one shard
	HottestOutput float64 // B/s: likewise
	Subscriptions float64 // of all nodes together
}

// CPU is what all shards spend, in µs/s.
func (r *RedisCost) CPU() float64 {
	return r.Append + r.Publish + r.Presence + r.Heartbeat + r.Probes
}

const (
	instanceBytes = 350.0 // of memory, an instance in the registry
	recordBytes   = 165.0 // of output, an instance in the answer to a heartbeat
	roomBytes     = 600.0 // of memory, a room's keys beside what is in them
)

func estimateRedis(w Workload, k *Coefficients, n float64) RedisCost {
	r := RedisCost{
		Heartbeat: n / beatEvery * (k.RedisBeat + n*k.RedisBeatInstance),
		Probes:    n * k.RedisIdle,
		Output:    n / beatEvery * n * recordBytes,
		Memory:    n * instanceBytes,
	}
	perNode := 0.0 // messages a second
	for _, room := range w.Rooms {
		perNode += room.count(w.Connections) * room.Rate / n
	}
	gathered := max(1, perNode*roundTrip) // messages in one round trip
	for _, room := range w.Rooms {
		count, at := room.count(w.Connections), nodesOf(room.Members, n)
		appends := room.Rate * (k.RedisBatched + (k.RedisAppend-k.RedisBatched)/gathered)
		publish := room.Rate * at * k.RedisHear
		news := announcements(room, w.Churn, at)
		presence := news*(k.RedisPresence+at*k.RedisHear) + (at*k.RedisPresence+room.Members*k.RedisLease)/leaseEvery
		output := room.Rate*at*(w.Text+k.RedisEnvelope) + news*at*k.RedisEnvelope
		r.Append += count * appends
		r.Publish += count * publish
		r.Presence += count * presence
		r.Output += count * output
		r.Subscriptions += count * at
		history := w.History
		if room.Rate == 0 {
			history = 0
		}
		r.Memory += count * (roomBytes + history*(w.Text+k.RedisEntry) + room.Members*k.RedisUser + room.Rate*keyLife*k.RedisKey)
		r.HottestCPU = max(r.HottestCPU, appends+publish+presence)
		r.HottestOutput = max(r.HottestOutput, output)
	}
	return r
}
