package main

import (
	"time"

	"chatnode/ops/rig"
)

// A Row is one run as figures. Cost is in µs of processor time; for deliveries that is the same as
// seconds for a million of them.
type Row struct {
	System string  `json:"system"`
	Round  int     `json:"round"`
	Rate   float64 `json:"rate"` // 0: idle
	OK     bool    `json:"ok"`   // nothing lost, doubled or out of order

	ConnectsPerSecond float64 `json:"connectsPerSecond,omitempty"`
	ConnectCost       float64 `json:"connectCost,omitempty"`      // of the servers, a connection
	KiBPerConnection  float64 `json:"kibPerConnection,omitempty"` // more resident memory than before, at the lowest

	Deliveries float64 `json:"deliveries,omitempty"` // a second
	P50        float64 `json:"p50,omitempty"`        // ms, from when a message was due
	P99        float64 `json:"p99,omitempty"`
	Cost       float64 `json:"cost,omitempty"`          // of the servers, a delivery
	RedisCost  float64 `json:"redisCost,omitempty"`     // of Redis, a delivery
	LoadCost   float64 `json:"generatorCost,omitempty"` // of the loadtest, a delivery, connecting and all
	Busy       float64 `json:"busy,omitempty"`          // cores that the servers and Redis kept busy
	Late       float64 `json:"late,omitempty"`          // ms that the loadtest was late in sending, at most

	Shares map[string]float64 `json:"shares,omitempty"` // of -profile: percent of the node's processor time

	Silence *Silence `json:"silence,omitempty"` // of -silent
	Appends *Appends `json:"appends,omitempty"` // of -outstanding; Rate is 0
}

// row makes figures of a run. The first servers of what was watched are the system's, one more is Redis.
func row(name string, round int, l *rig.Load, o *rig.Outcome, servers int) Row {
	own := make([]int, servers)
	for i := range own {
		own[i] = i
	}
	r := Row{System: name, Round: round, Rate: l.Rate, OK: o.OK}
	if l.Rate == 0 && l.Outstanding == 0 {
		n := float64(l.Connections)
		r.ConnectsPerSecond = o.Report.Connections.PerSecond
		r.ConnectCost = micros(o.Begin.Total(own...).CPU-o.Before.Total(own...).CPU) / n
		r.KiBPerConnection = float64(o.LeastMemory(own...)-o.Before.Total(own...).Memory) / 1024 / n
		return r
	}
	all := o.End.Total().CPU - o.Begin.Total().CPU
	ours := o.End.Total(own...).CPU - o.Begin.Total(own...).CPU
	r.Deliveries = o.Deliveries / l.Duration.Seconds()
	r.P50, r.P99, r.Late = o.Report.Delivery.P50, o.Report.Delivery.P99, o.Report.Messages.SendLagMax
	r.Cost, r.RedisCost = micros(ours)/o.Deliveries, micros(all-ours)/o.Deliveries
	r.LoadCost = micros(o.Generator) / o.Deliveries
	r.Silence = newSilence(l, o, own)
	r.Busy = all.Seconds() / o.Sending().Seconds()
	return r
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
