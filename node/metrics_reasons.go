package node

import (
	"iter"

	"github.com/prometheus/client_golang/prometheus"

	"chatnode/transport/ws"
)

// A reasonCounter is a counter for each of a fixed set of reasons, which all show from the start.
type reasonCounter struct {
	name, help string
	counts     iter.Seq2[string, uint64]
}

// reasonCounters is every counter by reason.
func (m *metrics) reasonCounters() []reasonCounter {
	edge := m.node.edge.Stats()
	refused := func(yield func(string, uint64) bool) {
		for _, r := range ws.Refusals() {
			if !yield(r.String(), edge.Refused[r].Load()) {
				return
			}
		}
	}
	ended := func(yield func(string, uint64) bool) {
		for _, e := range ws.Endings() {
			if !yield(e.String(), edge.Ended[e].Load()) {
				return
			}
		}
	}
	denied := func(yield func(string, uint64) bool) {
		for d := range denialKinds {
			if !yield(denialTable[d].code, m.denied[d].Load()) {
				return
			}
		}
	}
	return []reasonCounter{
		{"chatnode_connections_refused_total", "Requests that were not upgraded.", refused},
		{"chatnode_connections_ended_total", "Connections whose reading has ended.", ended},
		{"chatnode_auth_failures_total", "Tokens refused, and clients without one where guests are not let in.", m.node.who.Stats().Refused()},
		{"chatnode_bus_dropped_total", "Messages of the bus that nobody could use.", m.node.engine.dropped.each},
		{"chatnode_metrics_rejected_total", "Requests for the metrics by those who may not see them.", denied},
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
