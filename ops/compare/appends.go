package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"chatnode/ops/rig"
)

// Appends is what a system took from writers that each wait for their acks. Costs are in µs a message.
type Appends struct {
	Outstanding int     `json:"outstanding"` // messages that each writer had unanswered
	Acked       float64 `json:"acked"`       // a second
	P50         float64 `json:"p50"`         // ms, from a message to its ack
	P99         float64 `json:"p99"`
	Writes      float64 `json:"writes"` // a batch
	Cost        float64 `json:"cost"`   // of the nodes, a message with all its deliveries

	Redis *RedisAppends `json:"redis,omitempty"` // nil without
}

// RedisAppends is Redis's part in it, and what redis-benchmark gets from it by the same script, on as many
// connections as nodes have for it, with as many scripts in a pipeline and as many writes in a script.
type RedisAppends struct {
	Scripts float64 `json:"scripts"` // a batch: one for each room that has writes in it
	Reads   float64 `json:"reads"`   // a batch, that Redis made of its sockets: one takes 16 KiB at most
	KiB     float64 `json:"kib"`     // a batch, that Redis was sent
	Busy    float64 `json:"busy"`    // cores
	Cost    float64 `json:"cost"`    // µs of Redis's processor time, a message

	Pipeline  int     `json:"pipeline"` // scripts in a pipeline of redis-benchmark
	PerScript int     `json:"perScript"`
	Bench     float64 `json:"bench"` // messages a second
	BenchBusy float64 `json:"benchBusy"`
	BenchCost float64 `json:"benchCost"`
}

// The figures that are read of nodes and Redis while writers write.
const (
	appended = "chatnode_appends_total"
	batches  = "chatnode_append_batches_total"
)

// appends lets the writers of a load wait for their acks, each with so many messages under way.
func (m *match) appends(ctx context.Context, s *system, round, outstanding int) (err error) {
	fmt.Fprintf(m.log, "round %d of %d: %d writers, each with %d unanswered\n", round, m.options.rounds, m.options.connections, outstanding)
	var b *benchmark
	if s.redis != nil {
		if b, err = m.newBenchmark(ctx, s); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.close()) }()
	}
	l := m.load(s, 0)
	l.Outstanding = outstanding
	l.Figures = func() (map[string]float64, error) { return figures(ctx, s, b) }
	o, err := l.Run(ctx, s.watched()...)
	if err != nil {
		return err
	}
	r := row(chatnode, round, l, o, len(s.servers))
	rise := func(name string) float64 { return o.Rise(name) / o.Rise(batches) }
	r.Deliveries = o.Report.Messages.PerSecond // of the time that sending has taken, like acks
	a := &Appends{
		Outstanding: outstanding, Acked: o.Report.Messages.AckedRate, P50: o.Report.Ack.P50, P99: o.Report.Ack.P99,
		Writes: rise(appended), Cost: r.Cost * o.Deliveries / float64(o.Report.Messages.Acked),
	}
	if b != nil {
		used := o.End.Total(len(s.servers)).CPU - o.Begin.Total(len(s.servers)).CPU
		a.Redis = &RedisAppends{
			Scripts: rise(evalsha), Reads: rise(reads), KiB: rise(input) / 1024, Busy: used.Seconds() / o.Sending().Seconds(),
			Cost: micros(used) / o.Rise(appended),
		}
		if err := b.run(ctx, a, m.options.duration); err != nil {
			return err
		}
	}
	r.Appends = a
	return m.keep(r)
}

// figures are those of the nodes, and of Redis where there is one.
func figures(ctx context.Context, s *system, b *benchmark) (map[string]float64, error) {
	all := map[string]float64{}
	var err error
	if b != nil {
		if all, err = b.figures(ctx); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{appended, batches} {
		if all[name], err = rig.Metric(ctx, name, s.servers...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// shape says how many scripts redis-benchmark is to have in a pipeline, how many writes in each, and how many
// scripts make a run of the duration if it is twice as fast as the nodes were.
func (a *Appends) shape(d time.Duration) (pipeline, perScript, scripts int) {
	pipeline = max(1, int(math.Round(a.Redis.Scripts)))
	perScript = max(1, int(math.Round(a.Writes/a.Redis.Scripts)))
	return pipeline, perScript, max(1000, int(2*a.Acked*d.Seconds())/perScript)
}

// writeAppends prints what writers get who wait for their acks.
func writeAppends(out io.Writer, o *options, rows []Row) {
	fmt.Fprint(out, "\nEach writer has so many messages unanswered, and sends the next one when one is acknowledged\n\n")
	fmt.Fprint(out, "| unanswered | acked/s | p50 ms | p99 ms | writes a batch | deliveries/s | CPU µs a message | cores |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	each := func(line func(rs []Row, get func(func(r Row) float64) float64)) {
		for _, n := range o.outstanding {
			rs := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Appends == nil || r.Appends.Outstanding != n })
			line(rs, func(figure func(r Row) float64) float64 { return median(rs, figure) })
		}
	}
	each(func(rs []Row, get func(func(r Row) float64) float64) {
		fmt.Fprintf(out, "| %d | %.0f | %.2f | %.2f | %.1f | %.0f | %.1f | %.2f |%s\n", rs[0].Appends.Outstanding,
			get(func(r Row) float64 { return r.Appends.Acked }), get(func(r Row) float64 { return r.Appends.P50 }), get(func(r Row) float64 { return r.Appends.P99 }),
			get(func(r Row) float64 { return r.Appends.Writes }), get(func(r Row) float64 { return r.Deliveries }),
			get(func(r Row) float64 { return r.Appends.Cost }), get(func(r Row) float64 { return r.Busy }), faults(rs))
	})
	if !o.redis {
		return
	}
	fmt.Fprintf(out, "\nRedis's part, and redis-benchmark with the same script on %d connection(s)\n\n", o.nodes)
	fmt.Fprint(out, "| unanswered | scripts a batch | reads a batch | KiB a batch | Redis CPU µs a message | cores | redis-benchmark | messages/s | CPU µs a message | cores | acked ÷ benchmark | CPU ÷ benchmark |\n",
		"|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|\n")
	each(func(rs []Row, get func(func(r Row) float64) float64) {
		of := func(figure func(a *RedisAppends) float64) float64 {
			return get(func(r Row) float64 { return figure(r.Appends.Redis) })
		}
		bench := of(func(a *RedisAppends) float64 { return a.Bench })
		cost, benchCost := of(func(a *RedisAppends) float64 { return a.Cost }), of(func(a *RedisAppends) float64 { return a.BenchCost })
		fmt.Fprintf(out, "| %d | %.1f | %.2f | %.1f | %.1f | %.2f | -P %.0f, %.0f write(s) each | %.0f | %.1f | %.2f | %.2f | %.2f |\n", rs[0].Appends.Outstanding,
			of(func(a *RedisAppends) float64 { return a.Scripts }), of(func(a *RedisAppends) float64 { return a.Reads }), of(func(a *RedisAppends) float64 { return a.KiB }),
			cost, of(func(a *RedisAppends) float64 { return a.Busy }),
			of(func(a *RedisAppends) float64 { return float64(a.Pipeline) }), of(func(a *RedisAppends) float64 { return float64(a.PerScript) }),
			bench, benchCost, of(func(a *RedisAppends) float64 { return a.BenchBusy }),
			get(func(r Row) float64 { return r.Appends.Acked })/bench, cost/benchCost)
	})
}
