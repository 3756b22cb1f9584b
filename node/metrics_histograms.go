package node

import (
	"github.com/prometheus/client_golang/prometheus"

	"chatnode/actors/stats"
)

// A histogramMetric is a histogram of durations without labels.
type histogramMetric struct {
	name, help string
	histogram  *stats.Histogram
}

// histograms returns all histograms. None of them is observed for each recipient.
func (m *metrics) histograms() []histogramMetric {
	s := m.node.core.Stats()
	return []histogramMetric{
		{"chatnode_append_duration_seconds", "Duration of one append batch.", &s.Bus.Append},
		{"chatnode_delivery_duration_seconds", "Time from accepting a write to showing it; sampled, one write per room at a time.", &s.Chat.Delivery},
		{"chatnode_fanout_duration_seconds", "Time from a broadcast to the last write of its pass.", &s.Writes.FanOut},
	}
}

func newHistogramCollector(histograms []histogramMetric) prometheus.Collector {
	return newCollector(histograms, func(h *histogramMetric) (name, help string) { return h.name, h.help }, (*histogramMetric).metric)
}

func (h *histogramMetric) metric(d *prometheus.Desc) prometheus.Metric {
	count, sum, counts := h.histogram.Read()
	buckets := make(map[float64]uint64, len(counts))
	for bound, n := range counts {
		buckets[bound.Seconds()] = n
	}
	return prometheus.MustNewConstHistogram(d, count, sum.Seconds(), buckets)
}
