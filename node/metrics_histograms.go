package node

import (
	"github.com/prometheus/client_golang/prometheus"

	"chatnode/actors/stats"
)

// A histogramMetric is a histogram of durations.
type histogramMetric struct {
	name, help string
	of         *stats.Histogram
}

// histograms is every histogram. None of them is observed once a recipient.
func (m *metrics) histograms() []histogramMetric {
	s := m.node.core.Stats()
	return []histogramMetric{
		{"chatnode_append_duration_seconds", "One call of the log, with as many writes as had queued.", &s.Bus.Append},
		{"chatnode_delivery_duration_seconds", "From a room taking a write to the room showing it, heard back from the bus; one write of a room at a time.", &s.Chat.Delivery},
		{"chatnode_fanout_duration_seconds", "From a room telling its writers to the last of the members being written to; once a pass.", &s.Writes.FanOut},
	}
}

func newHistogramCollector(latencies []histogramMetric) prometheus.Collector {
	return newCollector(latencies, func(l *histogramMetric) (name, help string) { return l.name, l.help }, (*histogramMetric).metric)
}

func (l *histogramMetric) metric(d *prometheus.Desc) prometheus.Metric {
	count, sum, within := l.of.Read()
	buckets := make(map[float64]uint64, len(within))
	for bound, n := range within {
		buckets[bound.Seconds()] = n
	}
	return prometheus.MustNewConstHistogram(d, count, sum.Seconds(), buckets)
}
