package node

import (
	"github.com/prometheus/client_golang/prometheus"

	"chatnode/actors/process"
)

// actorMetric is a metric with the label "actor", the kind of the actors.
type actorMetric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	read func(*process.KindStats, process.MailboxLoad) float64
}

// actorCollector exports the metrics of the actors by kind.
type actorCollector struct {
	sys     *process.System
	metrics []actorMetric
}

func newActorCollector(sys *process.System) *actorCollector {
	c := &actorCollector{sys: sys}
	add := func(name, help string, kind prometheus.ValueType, read func(*process.KindStats, process.MailboxLoad) float64) {
		desc := prometheus.NewDesc("chatnode_actor_"+name, help, []string{"actor"}, nil)
		c.metrics = append(c.metrics, actorMetric{desc, kind, read})
	}
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	add("processes", "Running processes.", gauge, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Live.Load()) })
	add("mailbox_depth", "Messages in mailboxes.", gauge, func(_ *process.KindStats, l process.MailboxLoad) float64 { return float64(l.Depth) })
	add("mailbox_utilization_max_ratio", "Utilization of the fullest mailbox.", gauge, func(_ *process.KindStats, l process.MailboxLoad) float64 { return l.MaxUtilization })
	add("messages_total", "Messages handled.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Handled.Load()) })
	add("messages_rejected_total", "Messages rejected by a full mailbox.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Refused.Load()) })
	add("send_waits_total", "Sends that waited for a full mailbox.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Waited.Load()) })
	add("panics_total", "Panics of actors.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Panics.Load()) })
	add("restarts_total", "Restarts after a panic.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Restarts.Load()) })
	add("stopped_total", "Processes stopped after repeated panics.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.GivenUp.Load()) })
	add("messages_unknown_total", "Messages dropped because the actor does not handle their type.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Unknown.Load()) })
	return c
}

// Describe implements prometheus.Collector.
func (c *actorCollector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.metrics {
		to <- m.desc
	}
}

// Collect implements prometheus.Collector.
func (c *actorCollector) Collect(to chan<- prometheus.Metric) {
	loads := c.sys.Loads()
	for k := range c.sys.Kinds() {
		for _, m := range c.metrics {
			to <- prometheus.MustNewConstMetric(m.desc, m.kind, m.read(k, loads[k.Name]), k.Name)
		}
	}
}
