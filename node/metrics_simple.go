package node

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// A simpleMetric is a metric without labels. read is called at each scrape.
type simpleMetric struct {
	name, help string
	kind       prometheus.ValueType
	read       func() float64
}

// simpleMetrics returns all metrics without labels.
func (m *metrics) simpleMetrics() []simpleMetric {
	all := m.linkMetrics()
	all = append(all, m.chatMetrics()...)
	all = append(all, m.socketMetrics()...)
	return append(all, m.journalMetrics()...)
}

func (m *metrics) linkMetrics() []simpleMetric {
	n, bus := m.node, &m.node.core.Stats().Bus
	mean := func() float64 { d, _ := n.cluster.Latency(); return d.Seconds() }
	maximum := func() float64 { _, d := n.cluster.Latency(); return d.Seconds() }
	return []simpleMetric{
		gauge("distributed", "1 if the node shares Redis with other nodes, 0 if it is standalone.", func() float64 { return boolGauge(n.cfg.EnableDistributedChat) }),
		gauge("link_up", "1 if messages from other nodes are received and this has been verified.", func() float64 { return boolGauge(!n.cluster.Degraded()) }),
		gauge("degraded", "1 if Redis is unavailable, or if a standalone node cannot write to its disk.", func() float64 { return boolGauge(n.cluster.Degraded()) }),
		gauge("probe_age_seconds", "Time since the last probe was received through Redis; 0 on a standalone node.", func() float64 { return n.cluster.ProbeAge().Seconds() }),
		gauge("publish_latency_mean_seconds", "Mean publish latency of the last 60 probes.", mean),
		gauge("publish_latency_max_seconds", "Maximum publish latency of the last 60 probes.", maximum),
		gauge("cluster_instances", "Instances in the registry, including this one.", func() float64 { return float64(len(n.cluster.Cluster().Instances)) }),
		gauge("cluster_heartbeat_age_max_seconds", "Time since the oldest last heartbeat of any instance.", func() float64 { return oldestHeartbeatAge(n.cluster.Cluster()).Seconds() }),
		counter("bus_published_total", "Writes and signals published.", &bus.Published),
		counter("bus_received_total", "Events received from the bus.", &bus.Received),
		counter("bus_publish_failures_total", "Writes and signals that could not be published.", &bus.PublishFailures),
		counter("appends_total", "Writes for which the log returned a result.", &bus.Appended),
		counter("append_failures_total", "Writes that could not be appended to the log.", &bus.AppendFailures),
		counter("append_batches_total", "Batches of writes sent to the log.", &bus.Batches),
		counter("reappends_total", "Acknowledged writes appended again because the log had lost them.", &bus.Reappended),
		counter("bus_unrouted_total", "Events received for rooms without members on this node.", &bus.Unrouted),
	}
}

func (m *metrics) chatMetrics() []simpleMetric {
	n, chat := m.node, &m.node.core.Stats().Chat
	return []simpleMetric{
		gauge("start_time_seconds", "Start time of the node in seconds since the Unix epoch.", func() float64 { return float64(m.startedAt.UnixMilli()) / 1000 }),
		gauge("sessions", "Sessions on this node.", func() float64 { return float64(n.clients()) }),
		gauge("rooms", "Rooms in memory.", func() float64 { return float64(chat.Rooms.Load()) }),
		counter("commands_total", "Commands received from clients.", &chat.Received),
		counter("acks_total", "Writes acknowledged to clients.", &chat.Acked),
		counter("duplicate_acks_total", "Acknowledged retries of writes that were already stored.", &chat.Duplicates),
		counter("commands_throttled_total", "Commands rejected by RATE_LIMIT or slow mode.", &chat.Throttled),
		counter("commands_failed_total", "Commands answered with an error.", &chat.Errors),
		counter("entries_delivered_total", "Log entries sent to the members of a room.", &chat.Delivered),
		counter("room_gaps_total", "Gaps detected in the order of a room.", &chat.Gaps),
		counter("room_resyncs_total", "Resyncs sent to the members of a room.", &chat.Resyncs),
		counter("duplicate_deliveries_total", "Deliveries dropped because the entry had been shown already.", &chat.DuplicateDeliveries),
	}
}

func (m *metrics) socketMetrics() []simpleMetric {
	n, writes, wsStats := m.node, &m.node.core.Stats().Writes, m.node.wsServer.Stats()
	return []simpleMetric{
		gauge("connections", "Open connections.", func() float64 { return float64(n.wsServer.Open()) }),
		counter("connections_accepted_total", "Connections upgraded and admitted.", &wsStats.Accepted),
		counter("connection_panics_total", "Panics while a connection was read.", &wsStats.Panics),
		counter("frames_received_total", "Messages, pings and pongs received from clients.", &wsStats.FramesIn),
		counter("received_bytes_total", "Bytes received from clients.", &wsStats.BytesIn),
		counter("sent_bytes_total", "Bytes written to sockets or outboxes.", &writes.Bytes),
		counter("socket_writes_total", "Writes to sockets or outboxes.", &writes.Writes),
		counter("writer_passes_total", "Completed write passes over the members of a room.", &writes.Passes),
		counter("outboxes_opened_total", "Clients that got an outbox because their socket was full.", &writes.Slowed),
		counter("slow_consumers_total", "Clients disconnected because their outbox was full.", &writes.SlowConsumers),
	}
}

func (m *metrics) journalMetrics() []simpleMetric {
	journal, limit := &m.node.core.Stats().Journal, float64(m.node.cfg.JournalMaxBytes)
	return []simpleMetric{
		gauge("journal_entries", "Writes in the journal.", func() float64 { return float64(journal.Writes.Load()) }),
		gauge("journal_bytes", "Size of the writes in the journal.", func() float64 { return float64(journal.Bytes.Load()) }),
		gauge("journal_limit_bytes", "Maximum size of the journal: JOURNAL_MAX_BYTES.", func() float64 { return limit }),
		counter("journal_appends_total", "Writes stored in the journal.", &journal.Appended),
		counter("journal_replayed_total", "Writes of the journal that were appended to the log.", &journal.Replayed),
		counter("journal_failures_total", "Writes that the journal could not store.", &journal.Failed),
	}
}

func gauge(name, help string, read func() float64) simpleMetric {
	return simpleMetric{"chatnode_" + name, help, prometheus.GaugeValue, read}
}

func counter(name, help string, value *atomic.Uint64) simpleMetric {
	return simpleMetric{"chatnode_" + name, help, prometheus.CounterValue, func() float64 { return float64(value.Load()) }}
}

func boolGauge(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func newSimpleCollector(metrics []simpleMetric) prometheus.Collector {
	return newCollector(metrics, func(m *simpleMetric) (name, help string) { return m.name, m.help }, func(m *simpleMetric, d *prometheus.Desc) prometheus.Metric {
		return prometheus.MustNewConstMetric(d, m.kind, m.read())
	})
}
