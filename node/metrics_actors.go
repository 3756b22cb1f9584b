package node

import (
	"github.com/prometheus/client_golang/prometheus"

	"chatnode/actors/process"
)

// actorFigure is one metric of every kind of actor.
type actorFigure struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	read func(*process.KindStats, process.MailboxLoad) float64
}

// actorCollector exports the figures of the actors, by kind.
type actorCollector struct {
	sys     *process.System
	figures []actorFigure
}

func newActorCollector(sys *process.System) *actorCollector {
	c := &actorCollector{sys: sys}
	add := func(name, help string, kind prometheus.ValueType, read func(*process.KindStats, process.MailboxLoad) float64) {
		desc := prometheus.NewDesc("chatnode_actor_"+name, help, []string{"actor"}, nil)
		c.figures = append(c.figures, actorFigure{desc, kind, read})
	}
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	add("processes", "Processes that live.", gauge, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Live.Load()) })
	add("mailbox_depth", "Messages in the mailboxes.", gauge, func(_ *process.KindStats, l process.MailboxLoad) float64 { return float64(l.Depth) })
	add("mailbox_utilization_max_ratio", "Depth of the fullest mailbox as a share of its bound.", gauge, func(_ *process.KindStats, l process.MailboxLoad) float64 { return l.MaxUtilization })
	add("messages_total", "Messages handled.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Handled.Load()) })
	add("messages_rejected_total", "Messages refused by a full mailbox.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Refused.Load()) })
	add("send_waits_total", "Times that a sender waited for a full mailbox.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Waited.Load()) })
	add("panics_total", "Panics.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Panics.Load()) })
	add("restarts_total", "Panics that were survived.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Restarts.Load()) })
	add("stopped_total", "Processes stopped because they panicked too often.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.GivenUp.Load()) })
	add("messages_unknown_total", "Messages dropped because the actor does not handle their type.", counter, func(k *process.KindStats, _ process.MailboxLoad) float64 { return float64(k.Unknown.Load()) })
	return c
}

// Describe implements prometheus.Collector.
func (c *actorCollector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range c.figures {
		to <- f.desc
	}
}

// Collect implements prometheus.Collector.
func (c *actorCollector) Collect(to chan<- prometheus.Metric) {
	loads := c.sys.Loads()
	for k := range c.sys.Kinds() {
		for _, f := range c.figures {
			to <- prometheus.MustNewConstMetric(f.desc, f.kind, f.read(k, loads[k.Name]), k.Name)
		}
	}
}
