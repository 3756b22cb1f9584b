package main

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"chatnode/ops/e2e/cluster"
)

const metricsKey = "a key of the benchmarks, 32 bytes long"

// BenchmarkFanOut sends to a room of 1,000 members of a node with its embedded log. It reports the node's CPU per
// delivery (CPU seconds per million deliveries) and the latency for the members.
func BenchmarkFanOut(b *testing.B) {
	for _, rate := range []int{100, 400} {
		b.Run(fmt.Sprintf("members=1000/rate=%d", rate), func(b *testing.B) {
			node := benchNode(b)
			var busy, delivered float64
			var last outcome
			for b.Loop() {
				f := launch(b, node.Addr, "-n", "1000", "-rooms", "1", "-connect-rate", "2000", "-rate", strconv.Itoa(rate), "-duration", "3s")
				f.awaitSending(b)
				before := figure(b, node, "process_cpu_seconds_total")
				last = f.land(b)
				busy += figure(b, node, "process_cpu_seconds_total") - before
				delivered += float64(last.report.Messages.Deliveries)
				if last.code != exitOK {
					b.Fatalf("exit %d\n%s%s", last.code, last.log, last.out)
				}
			}
			b.ReportMetric(busy*1e6/delivered, "cpu-µs/delivery")
			b.ReportMetric(last.report.Delivery.P50, "p50-ms")
			b.ReportMetric(last.report.Delivery.P99, "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkIdle reports the cost of 10,000 members of one room: memory when the node is quiet, and the CPU of
// connecting them.
func BenchmarkIdle(b *testing.B) {
	const members = 10_000
	for b.Loop() {
		node := benchNode(b)
		memory, busy := figure(b, node, "process_resident_memory_bytes"), figure(b, node, "process_cpu_seconds_total")
		f := launch(b, node.Addr, "-n", strconv.Itoa(members), "-rooms", "1", "-connect-rate", "20000", "-rate", "0", "-duration", "8s")
		node.Until(b, "full", func() bool { return figure(b, node, "chatnode_sessions") == members })
		busy = figure(b, node, "process_cpu_seconds_total") - busy
		quiet := lowest(7*time.Second, func() float64 { return figure(b, node, "process_resident_memory_bytes") })
		b.ReportMetric((quiet-memory)/members, "B/connection")
		b.ReportMetric(busy*1e6/members, "cpu-µs/connect")
		b.ReportMetric(0, "ns/op")
		if o := f.land(b); o.code != exitOK {
			b.Fatalf("exit %d\n%s", o.code, o.log)
		}
	}
}

func benchNode(b *testing.B) *cluster.Node {
	b.Helper()
	c := cluster.Start(b, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{
		"LOG_LEVEL": "warn", "RATE_LIMIT": "off", "GUEST_ACCESS": "write", "METRICS_API_KEY": metricsKey,
	}})
	return c.Nodes[0]
}

// figure returns the value of a metric without labels.
func figure(b *testing.B, n *cluster.Node, name string) float64 {
	b.Helper()
	v, ok := n.Metrics(b, metricsKey)[name]
	if !ok {
		b.Fatalf("%s: no such metric", name)
	}
	return v
}

// lowest returns the lowest value of measure within d.
func lowest(d time.Duration, measure func() float64) float64 {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	end := time.After(d)
	least := measure()
	for {
		select {
		case <-tick.C:
			least = min(least, measure())
		case <-end:
			return least
		}
	}
}
