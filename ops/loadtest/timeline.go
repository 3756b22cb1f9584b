package main

import (
	"time"

	"chatnode/ops/loadtest/latency"
)

// sample is one interval of a run, usually one second.
type sample struct {
	At         time.Duration // end of the interval, since the start of sending
	P50, P99   time.Duration // of the deliveries in the interval
	AckP99     time.Duration
	Deliveries float64 // per second
	Open       int64   // connections at the end
}

// timeline derives samples from the counters.
type timeline struct {
	counters *counters
	at       time.Duration
	ack      *latency.Counts
	delivery *latency.Counts
	samples  []sample
}

func newTimeline(t *counters) *timeline {
	return &timeline{counters: t, ack: &latency.Counts{}, delivery: &latency.Counts{}}
}

// tick adds the sample that ends now. now is the time since the start of sending.
func (t *timeline) tick(now time.Duration) sample {
	ack, delivery := t.counters.ack.Snapshot(), t.counters.delivery.Snapshot()
	took := max(now-t.at, time.Millisecond)
	d := delivery.Since(t.delivery)
	s := sample{
		At: now, P50: d.Quantile(0.5), P99: d.Quantile(0.99), AckP99: ack.Since(t.ack).Quantile(0.99),
		Deliveries: float64(d.Total()) / took.Seconds(), Open: t.counters.open.Load(),
	}
	t.at, t.ack, t.delivery = now, ack, delivery
	t.samples = append(t.samples, s)
	return s
}
