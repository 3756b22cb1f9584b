package node

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// A simpleMetric is one metric without labels, read when Prometheus asks.
type simpleMetric struct {
	name, help string
	kind       prometheus.ValueType
	read       func() float64
}

// simpleMetrics is every metric without labels.
func (m *metrics) simpleMetrics() []simpleMetric {
	all := m.linkFigures()
	all = append(all, m.chatFigures()...)
	all = append(all, m.socketFigures()...)
	return append(all, m.journalFigures()...)
}

func (m *metrics) linkFigures() []simpleMetric {
	n, bus := m.node, &m.node.core.Stats().Bus
	mean := func() float64 { d, _ := n.cluster.Latency(); return d.Seconds() }
	longest := func() float64 { _, d := n.cluster.Latency(); return d.Seconds() }
	return []simpleMetric{
		gauge("distributed", "1 where the node works with others through Redis, 0 where it is alone.", func() float64 { return boolGauge(n.cfg.EnableDistributedChat) }),
		gauge("link_up", "1 while the node is one chat with the others, and that is proven.", func() float64 { return boolGauge(!n.cluster.Degraded()) }),
		gauge("degraded", "1 while the node is cut off from Redis, or without one cannot write to its disk.", func() float64 { return boolGauge(n.cluster.Degraded()) }),
		gauge("probe_age_seconds", "Since it was last proven that the node hears what is published; 0 for a node alone.", func() float64 { return n.cluster.Proof().Seconds() }),
		gauge("publish_latency_mean_seconds", "Mean time that publishing took lately: averageLatencyMs.", mean),
		gauge("publish_latency_max_seconds", "Longest time that publishing took lately: maxLatencyMs.", longest),
		gauge("cluster_instances", "Instances that the registry lists, this one too.", func() float64 { return float64(len(n.cluster.Cluster().Instances)) }),
		gauge("cluster_heartbeat_age_max_seconds", "Since the last heartbeat of the instance that has been silent the longest.", func() float64 { return oldestHeartbeatAge(n.cluster.Cluster()).Seconds() }),
		counter("bus_published_total", "Writes and signals published.", &bus.Published),
		counter("bus_received_total", "Events heard from the bus.", &bus.Received),
		counter("bus_publish_failures_total", "Writes and signals that could not be published.", &bus.PublishFailures),
		counter("appends_total", "Writes that the log has settled.", &bus.Appended),
		counter("append_failures_total", "Writes whose append failed.", &bus.AppendFailures),
		counter("append_batches_total", "Batches in which writes went to the log.", &bus.Batches),
		counter("reappends_total", "Acknowledged writes that the log had lost and was given again.", &bus.Reappended),
		counter("bus_unrouted_total", "Events heard for rooms that nobody here is in.", &bus.Unrouted),
	}
}

func (m *metrics) chatFigures() []simpleMetric {
	n, chat := m.node, &m.node.core.Stats().Chat
	return []simpleMetric{
		gauge("start_time_seconds", "When the node was started, in seconds since the Unix epoch.", func() float64 { return float64(m.born.UnixMilli()) / 1000 }),
		gauge("sessions", "Sessions now: connectedClients.", func() float64 { return float64(n.clients()) }),
		gauge("rooms", "Rooms in memory now.", func() float64 { return float64(chat.Rooms.Load()) }),
		counter("commands_total", "Commands received from clients.", &chat.Received),
		counter("acks_total", "Writes acknowledged to clients.", &chat.Acked),
		counter("duplicate_acks_total", "Acknowledged writes that were retries of one stored before.", &chat.Duplicates),
		counter("commands_throttled_total", "Commands refused by RATE_LIMIT.", &chat.Throttled),
		counter("commands_failed_total", "Commands answered with an error.", &chat.Errors),
		counter("entries_delivered_total", "Log entries shown to the members of a room.", &chat.Delivered),
		counter("room_gaps_total", "Holes noticed in the order of a room.", &chat.Gaps),
		counter("room_resyncs_total", "Times that a room had to tell its members to reload.", &chat.Resyncs),
		counter("duplicate_deliveries_total", "Deliveries dropped because they had been shown.", &chat.DuplicateDeliveries),
	}
}

func (m *metrics) socketFigures() []simpleMetric {
	n, writes, edge := m.node, &m.node.core.Stats().Writes, m.node.edge.Stats()
	return []simpleMetric{
		gauge("connections", "Connections that hold a slot now.", func() float64 { return float64(n.edge.Open()) }),
		counter("connections_accepted_total", "Connections upgraded and admitted.", &edge.Accepted),
		counter("connection_panics_total", "Panics caught while a connection was read.", &edge.Panics),
		counter("frames_received_total", "Messages, pings and pongs read from clients.", &edge.FramesIn),
		counter("received_bytes_total", "Bytes read from clients.", &edge.BytesIn),
		counter("sent_bytes_total", "Bytes given to sockets or outboxes.", &writes.Bytes),
		counter("socket_writes_total", "Writes to sockets or outboxes.", &writes.Writes),
		counter("writer_passes_total", "Times that a writer went over the members of a room.", &writes.Passes),
		counter("outboxes_opened_total", "Times that a socket was full and its client got an outbox.", &writes.Slowed),
		counter("slow_consumers_total", "Clients cut because they did not read.", &writes.SlowConsumers),
	}
}

func (m *metrics) journalFigures() []simpleMetric {
	journal, limit := &m.node.core.Stats().Journal, float64(m.node.cfg.JournalMaxBytes)
	return []simpleMetric{
		gauge("journal_entries", "Writes that the journal holds.", func() float64 { return float64(journal.Writes.Load()) }),
		gauge("journal_bytes", "Bytes that the journal holds.", func() float64 { return float64(journal.Bytes.Load()) }),
		gauge("journal_limit_bytes", "Bytes that the journal may hold: JOURNAL_MAX_BYTES.", func() float64 { return limit }),
		counter("journal_appends_total", "Writes kept in the journal.", &journal.Appended),
		counter("journal_replayed_total", "Writes of the journal that the log has taken.", &journal.Replayed),
		counter("journal_failures_total", "Writes that the journal could not take.", &journal.Failed),
	}
}

func gauge(name, help string, read func() float64) simpleMetric {
	return simpleMetric{"chatnode_" + name, help, prometheus.GaugeValue, read}
}

func counter(name, help string, of *atomic.Uint64) simpleMetric {
	return simpleMetric{"chatnode_" + name, help, prometheus.CounterValue, func() float64 { return float64(of.Load()) }}
}

func boolGauge(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func newFigureCollector(figures []simpleMetric) prometheus.Collector {
	return newCollector(figures, func(f *simpleMetric) (name, help string) { return f.name, f.help }, func(f *simpleMetric, d *prometheus.Desc) prometheus.Metric {
		return prometheus.MustNewConstMetric(d, f.kind, f.read())
	})
}
