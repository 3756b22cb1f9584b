package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"chatnode/ops/loadtest/latency"
)

// report is the result of a run. Times are in milliseconds.
type report struct {
	OK          bool              `json:"ok"`
	Options     *options          `json:"options"`
	Connections connections       `json:"connections"`
	Messages    messages          `json:"messages"`
	Faults      faults            `json:"faults"`
	Ack         quantiles         `json:"ackMs"`
	Delivery    quantiles         `json:"deliveryMs"`
	Joining     quantiles         `json:"joiningMs"`
	Events      map[string]uint64 `json:"events"` // refusals, error codes and close codes
	Timeline    []point           `json:"timeline"`
	samples     []sample
}

type connections struct {
	Joined     int64   `json:"joined"`
	Seconds    float64 `json:"seconds"` // until all had joined
	PerSecond  float64 `json:"perSecond"`
	Slow       int     `json:"slow"`
	Silent     int     `json:"silent"`
	Reconnects uint64  `json:"reconnects"`
	Recovered  uint64  `json:"recovered"` // reconnects that resumed
	Reloads    uint64  `json:"reloads"`   // histories loaded instead of missed entries
	Ended      int64   `json:"ended"`     // connections that must not be made again
}

type messages struct {
	Sent         uint64  `json:"sent"`
	Acked        uint64  `json:"acked"`
	Refused      uint64  `json:"refused"`
	Unanswered   uint64  `json:"unanswered"`
	Throttled    uint64  `json:"throttled"`
	Retries      uint64  `json:"retries"`
	Duplicates   uint64  `json:"duplicateAcks"`
	AckedRate    float64 `json:"ackedPerSecond"`
	Deliveries   uint64  `json:"deliveries"`
	SlowReads    uint64  `json:"slowDeliveries"`
	PerSecond    float64 `json:"deliveriesPerSecond"`
	SendLagMaxMs float64 `json:"sendLagMaxMs"` // the largest delay of the load tester itself
}

// faults must all be 0.
type faults struct {
	Lost       uint64 `json:"lost"`       // acknowledged, but shown to no reader
	Missed     uint64 `json:"missed"`     // entries that a reader skipped
	Behind     uint64 `json:"behind"`     // entries that a connected reader did not have at the end
	Doubled    uint64 `json:"doubled"`    // messages stored twice
	Repeated   uint64 `json:"repeated"`   // entries that a reader was shown again
	Disorder   uint64 `json:"disorder"`   // entries that a reader was shown too early or too late
	Clashes    uint64 `json:"clashes"`    // messages at the position of another message
	Malformed  uint64 `json:"malformed"`  // frames that are not valid JSON
	Unverified int    `json:"unverified"` // readers without a connection at the end that did not have all entries
}

type quantiles struct {
	Count uint64  `json:"count"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p999"`
	Max   float64 `json:"max"`
}

type point struct {
	Seconds    float64 `json:"seconds"`
	P50        float64 `json:"p50"`
	P99        float64 `json:"p99"`
	AckP99     float64 `json:"ackP99"`
	Deliveries float64 `json:"deliveriesPerSecond"`
	Open       int64   `json:"open"`
}

// result returns the report. The run must have ended.
func (r *run) result(short shortfall) *report {
	f, t := r.pool, r.pool.counters
	audit := f.ledger.Check(f.plan.roomIndex)
	delivery := t.delivery.Snapshot()
	out := &report{
		Options: r.options,
		Connections: connections{
			Joined: t.ready.Load(), Seconds: r.took.Seconds(), PerSecond: float64(t.ready.Load()) / r.took.Seconds(),
			Slow: r.options.Slow.of(r.options.Connections), Silent: r.options.Silent.of(r.options.Connections), Reconnects: t.reconnects.Load(), Recovered: t.recovered.Load(),
			Reloads: t.reloads.Load(), Ended: t.ended.Load(),
		},
		Messages: messages{
			Sent: audit.Sent, Acked: audit.Acked, Refused: audit.Refused, Unanswered: audit.Unanswered,
			Throttled: t.throttled.Load(), Retries: t.retries.Load(), Duplicates: t.duplicates.Load(),
			AckedRate: float64(audit.Acked) / r.sending.Seconds(), Deliveries: delivery.Total(), SlowReads: t.slowReads.Load(), PerSecond: float64(delivery.Total()) / r.sending.Seconds(),
			SendLagMaxMs: ms(time.Duration(t.lag.Load())),
		},
		Faults: faults{
			Lost: audit.Lost, Missed: short.missed, Behind: short.behind, Doubled: audit.Doubled, Repeated: t.doubled(),
			Disorder: t.disorder(), Clashes: audit.Clashes, Malformed: t.malformed.Load(), Unverified: short.unknown,
		},
		Ack: newQuantiles(t.ack.Snapshot()), Delivery: newQuantiles(delivery), Joining: newQuantiles(t.joining.Snapshot()),
		Events: t.byName(), samples: r.timeline.samples,
	}
	out.OK = out.Faults == faults{}
	for _, s := range out.samples {
		out.Timeline = append(out.Timeline, point{s.At.Seconds(), ms(s.P50), ms(s.P99), ms(s.AckP99), s.Deliveries, s.Open})
	}
	return out
}

func newQuantiles(c *latency.Counts) quantiles {
	return quantiles{c.Total(), ms(c.Quantile(0.5)), ms(c.Quantile(0.9)), ms(c.Quantile(0.99)), ms(c.Quantile(0.999)), ms(c.Max())}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// writeJSON writes the report as one indented object.
func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
