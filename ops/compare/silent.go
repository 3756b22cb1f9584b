package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"chatnode/ops/rig"
)

// slowConsumers is how a node counts those that it has cut because they do not read.
const slowConsumers = "chatnode_slow_consumers_total"

// A Silence is what became of members that read nothing, and of the servers' memory meanwhile.
type Silence struct {
	Members int     `json:"members"` // that were silent; 0: the run to compare with
	Cut     float64 `json:"cut"`     // of them, as the nodes count
	Told    float64 `json:"told"`    // of them, those that found the close code 1013 when they read again
	Begin   float64 `json:"beginMiB"`
	End     float64 `json:"endMiB"`
	Most    float64 `json:"mostMiB"` // of resident memory
}

// silence puts the same load on a system twice, once with silent members. Which comes first changes from
// round to round.
func (m *match) silence(ctx context.Context, s *system, name string, round int, rate float64) error {
	order := []int{0, m.options.silent}
	if round%2 == 0 {
		slices.Reverse(order)
	}
	for _, silent := range order {
		l := m.load(s, rate)
		l.Silent = silent
		if name == chatnode {
			l.Figures = func() (map[string]float64, error) {
				n, err := rig.Metric(ctx, slowConsumers, s.servers...)
				return map[string]float64{slowConsumers: n}, err
			}
		}
		if err := m.put(ctx, s, name, round, l); err != nil {
			return err
		}
	}
	return nil
}

// newSilence makes figures of a run with silent members, or without for comparison.
func newSilence(l *rig.Load, o *rig.Outcome, own []int) *Silence {
	const mib = 1 << 20
	return &Silence{
		Members: l.Silent, Cut: o.Rise(slowConsumers), Told: float64(o.Report.Events["silent, closed with 1013"]),
		Begin: float64(o.Begin.Total(own...).Memory) / mib, End: float64(o.End.Total(own...).Memory) / mib, Most: float64(o.MostMemory(own...)) / mib,
	}
}

// writeSilence prints what the members who read have of those who do not.
func writeSilence(out io.Writer, o *options, rows []Row) {
	fmt.Fprintf(out, "\n%d of the members read nothing once they have joined; p99 is that of the others\n\n", o.silent)
	fmt.Fprint(out, "| msg/s | system | p99 ms without | with | ratio | MiB without: begin, end | with: begin, end, most | cut by the node | found 1013 |\n|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, rate := range o.rates {
		for _, name := range o.systems {
			rs := of(at(rows, rate), name)
			with := slices.DeleteFunc(slices.Clone(rs), func(r Row) bool { return r.Silence.Members == 0 })
			without := slices.DeleteFunc(slices.Clone(rs), func(r Row) bool { return r.Silence.Members > 0 })
			p99 := func(r Row) float64 { return r.P99 }
			of := func(rs []Row, figure func(s *Silence) float64) float64 {
				return median(rs, func(r Row) float64 { return figure(r.Silence) })
			}
			begin, end := func(s *Silence) float64 { return s.Begin }, func(s *Silence) float64 { return s.End }
			fmt.Fprintf(out, "| %g | %s | %.1f | %.1f | %.2f | %.1f, %.1f | %.1f, %.1f, %.1f | %.0f | %.0f |%s\n", rate, name,
				median(without, p99), median(with, p99), median(with, p99)/median(without, p99),
				of(without, begin), of(without, end), of(with, begin), of(with, end), of(with, func(s *Silence) float64 { return s.Most }),
				of(with, func(s *Silence) float64 { return s.Cut }), of(with, func(s *Silence) float64 { return s.Told }), faults(rs))
		}
	}
}
