package main

import (
	"time"

	"chatnode/ops/loadtest/latency"
)

// A sample is one second of a run, or however long a tick took.
type sample struct {
	At         time.Duration // its end, since sending has begun
	P50, P99   time.Duration // of the deliveries in it
	AckP99     time.Duration
	Deliveries float64 // a second
	Open       int64   // connections at its end
}

// A timeline makes samples of a tally.
type timeline struct {
	tally    *tally
	at       time.Duration
	ack      *latency.Counts
	delivery *latency.Counts
	samples  []sample
}

func newTimeline(t *tally) *timeline {
	return &timeline{tally: t, ack: &latency.Counts{}, delivery: &latency.Counts{}}
}

// tick adds the sample that ends now, at a time since sending has begun.
func (t *timeline) tick(now time.Duration) sample {
	ack, delivery := t.tally.ack.Counts(), t.tally.delivery.Counts()
	took := max(now-t.at, time.Millisecond)
	d := delivery.Since(t.delivery)
	s := sample{
		At: now, P50: d.Quantile(0.5), P99: d.Quantile(0.99), AckP99: ack.Since(t.ack).Quantile(0.99),
		Deliveries: float64(d.Total()) / took.Seconds(), Open: t.tally.open.Load(),
	}
	t.at, t.ack, t.delivery = now, ack, delivery
	t.samples = append(t.samples, s)
	return s
}
