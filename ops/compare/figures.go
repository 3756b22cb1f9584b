package main

import (
	"cmp"
	"fmt"
	"slices"

	"chatnode/ops/rig"
)

// Row is one run, or the medians of several. The keys of Figures are the heads of the table columns.
type Row struct {
	System, Load string
	OK           bool // no message was lost, duplicated or out of order
	Figures      map[string]float64
}

// Figures that are used in more than one place. CPU/M is µs of processor time per delivery, or seconds per million.
const (
	figCost = "CPU/M"
	figP99  = "p99 ms"
)

// Counters of the nodes.
const (
	appends       = "chatnode_appends_total"
	batches       = "chatnode_append_batches_total"
	slowConsumers = "chatnode_slow_consumers_total"
)

func loadName(l rig.Load) string {
	name := "idle"
	switch {
	case l.Outstanding > 0:
		name = fmt.Sprintf("%d unacknowledged", l.Outstanding)
	case l.Rate > 0:
		name = fmt.Sprintf("%g msg/s", l.Rate)
	}
	if l.Silent > 0 {
		name += fmt.Sprintf(", %d silent", l.Silent)
	}
	return name
}

// figures returns the cost of idle connections, of writers that wait for their acks, or of messages at a rate.
func figures(l rig.Load, o *rig.Outcome) map[string]float64 {
	used := o.End.Since(o.Begin)
	cores := (used.Servers + used.Redis) / 1e6 / used.Seconds
	switch {
	case l.Outstanding > 0:
		return map[string]float64{
			"acked/s": o.Messages.AckedRate, "ack p50 ms": o.Ack["p50"], "ack p99 ms": o.Ack["p99"],
			"writes per batch": rise(o, appends) / rise(o, batches), "deliveries/s": o.Messages.PerSecond,
			"CPU µs per message": used.Servers / float64(o.Messages.Acked), "cores": cores,
		}
	case l.Rate > 0:
		return map[string]float64{
			"deliveries/s": o.Deliveries / l.Duration.Seconds(), "p50 ms": o.Delivery["p50"], figP99: o.Delivery["p99"],
			figCost: used.Servers / o.Deliveries, "Redis CPU/M": used.Redis / o.Deliveries,
			"cores": cores, "loadtest CPU/M": o.LoadCPU / o.Deliveries,
		}
	}
	n := float64(l.Connections)
	return map[string]float64{
		"connects/s": o.Connections.PerSecond, "CPU µs per connect": o.Begin.Since(o.Before).Servers / n,
		"KiB per connection": (slices.MinFunc(o.Samples, byMemory).Servers.Memory - o.Before.Servers.Memory) / 1024 / n,
	}
}

// silentFigures returns the memory of the servers, and how the silent members were disconnected.
func silentFigures(o *rig.Outcome) map[string]float64 {
	const mib = 1 << 20
	return map[string]float64{
		"MiB at start": o.Begin.Servers.Memory / mib, "MiB at end": o.End.Servers.Memory / mib,
		"MiB max":      slices.MaxFunc(o.Samples, byMemory).Servers.Memory / mib,
		"disconnected": rise(o, slowConsumers), "found 1013": float64(o.Events["silent, closed with 1013"]),
	}
}

// redisFigures returns Redis's part of the writers' load. A batch has one script call per room.
func redisFigures(o *rig.Outcome) map[string]float64 {
	used, n := o.End.Since(o.Begin), rise(o, batches)
	return map[string]float64{
		"scripts per batch": rise(o, "cmdstat_evalsha") / n, "reads per batch": rise(o, "total_reads_processed") / n,
		"KiB per batch":        rise(o, "total_net_input_bytes") / 1024 / n,
		"Redis µs per message": used.Redis / rise(o, appends), "Redis cores": used.Redis / 1e6 / used.Seconds,
	}
}

// rise returns the growth of a counter during the load.
func rise(o *rig.Outcome, counter string) float64 {
	return o.End.Figures[counter] - o.Begin.Figures[counter]
}

func byMemory(a, b rig.Sample) int { return cmp.Compare(a.Servers.Memory, b.Servers.Memory) }
