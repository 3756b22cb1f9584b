package node

import (
	"iter"

	"github.com/prometheus/client_golang/prometheus"

	"chatnode/transport/ws"
)

// A reasonCounter is a counter with the label "reason". counts yields all reasons, also those with a count of 0.
type reasonCounter struct {
	name, help string
	counts     iter.Seq2[string, uint64]
}

// reasonCounters returns all counters by reason.
func (m *metrics) reasonCounters() []reasonCounter {
	wsStats := m.node.wsServer.Stats()
	refused := func(yield func(string, uint64) bool) {
		for _, r := range ws.Refusals() {
			if !yield(r.String(), wsStats.Refused[r].Load()) {
				return
			}
		}
	}
	ended := func(yield func(string, uint64) bool) {
		for _, e := range ws.Endings() {
			if !yield(e.String(), wsStats.Ended[e].Load()) {
				return
			}
		}
	}
	denied := func(yield func(string, uint64) bool) {
		for d := range denialKinds {
			if !yield(denialTable[d].Code, m.denied[d].Load()) {
				return
			}
		}
	}
	return []reasonCounter{
		{"chatnode_connections_refused_total", "Requests that were not upgraded, by reason.", refused},
		{"chatnode_connections_ended_total", "Connections that ended, by reason.", ended},
		{"chatnode_auth_failures_total", "Rejected tokens, and rejected clients without a token, by reason.", m.node.authenticator.Stats().Refused()},
		{"chatnode_bus_dropped_total", "Invalid messages dropped, by reason.", m.node.backend.dropped.each},
		{"chatnode_metrics_rejected_total", "Rejected requests to /metrics, by reason.", denied},
	}
}

// reasonCollector exports counters by reason.
type reasonCollector struct {
	reasons []reasonCounter
	descs   []*prometheus.Desc
}

func newReasonCollector(reasons []reasonCounter) *reasonCollector {
	c := &reasonCollector{reasons: reasons}
	for _, r := range reasons {
		c.descs = append(c.descs, prometheus.NewDesc(r.name, r.help, []string{"reason"}, nil))
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *reasonCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *reasonCollector) Collect(to chan<- prometheus.Metric) {
	for i, r := range c.reasons {
		for reason, n := range r.counts {
			to <- prometheus.MustNewConstMetric(c.descs[i], prometheus.CounterValue, float64(n), reason)
		}
	}
}
