package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// late is the p99, in ms, from which on a system is called saturated: it no longer keeps up.
const late = 1000

// writeTables prints the medians of all rounds.
func writeTables(out io.Writer, o *options, rows []Row) {
	fmt.Fprintf(out, "%d connections, %d room(s), %d bytes of text, medians of %d round(s)%s\n", o.connections, o.rooms, o.size, o.rounds, with(o))
	idle := slices.DeleteFunc(at(rows, 0), func(r Row) bool { return r.Appends != nil })
	if len(idle) > 0 {
		fmt.Fprint(out, "\n| system | connects/s | CPU µs a connect | KiB a connection |\n|---|---:|---:|---:|\n")
		for _, name := range o.systems {
			rs := of(idle, name)
			fmt.Fprintf(out, "| %s | %.0f | %.0f | %.1f |%s\n", name, median(rs, func(r Row) float64 { return r.ConnectsPerSecond }),
				median(rs, func(r Row) float64 { return r.ConnectCost }), median(rs, func(r Row) float64 { return r.KiBPerConnection }), faults(rs))
		}
	}
	switch {
	case len(o.outstanding) > 0:
		writeAppends(out, o, rows)
	case o.silent > 0:
		writeSilence(out, o, rows)
	case len(o.rates) > 0:
		writeLoads(out, o, rows)
	}
	if o.profile != "" {
		writeShares(out, o, rows)
	}
}

// writeLoads prints what a load at each rate costs.
func writeLoads(out io.Writer, o *options, rows []Row) {
	base := o.systems[len(o.systems)-1]
	if slices.Contains(o.systems, bound) {
		base = bound
	}
	redis := ""
	if o.redis {
		redis = " Redis CPU/M |"
	}
	fmt.Fprintf(out, "\n| msg/s | system | deliveries/s | p50 ms | p99 ms | CPU/M | ÷ %s |%s cores | loadtest CPU/M |\n|---:|---|---:|---:|---:|---:|---:|%s---:|---:|\n",
		base, redis, strings.Repeat("---:|", strings.Count(redis, "|")))
	for _, rate := range o.rates {
		for _, name := range o.systems {
			writeLoad(out, o, of(at(rows, rate), name), of(at(rows, rate), base))
		}
	}
}

// writeLoad prints the line of one system at one rate.
func writeLoad(out io.Writer, o *options, rs, base []Row) {
	cost := func(r Row) float64 { return r.Cost }
	p99, saturated := median(rs, func(r Row) float64 { return r.P99 }), ""
	if p99 >= late {
		saturated = " saturated"
	}
	fmt.Fprintf(out, "| %g | %s%s | %.0f | %.1f | %.1f | %.2f | %.2f |", rs[0].Rate, rs[0].System, saturated,
		median(rs, func(r Row) float64 { return r.Deliveries }), median(rs, func(r Row) float64 { return r.P50 }), p99,
		median(rs, cost), median(rs, cost)/median(base, cost))
	if o.redis {
		fmt.Fprintf(out, " %.2f |", median(rs, func(r Row) float64 { return r.RedisCost }))
	}
	fmt.Fprintf(out, " %.2f | %.2f |%s\n", median(rs, func(r Row) float64 { return r.Busy }), median(rs, func(r Row) float64 { return r.LoadCost }), faults(rs))
}

func with(o *options) string {
	if !o.redis {
		return ""
	}
	return fmt.Sprintf("; chatnode: %d node(s) on one Redis", o.nodes)
}

// faults says, behind a line, that a run of it was not in order.
func faults(rs []Row) string {
	for _, r := range rs {
		if !r.OK {
			return " **faults: see the JSON**"
		}
	}
	return ""
}

func at(rows []Row, rate float64) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Rate != rate })
}

func of(rows []Row, name string) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.System != name })
}

// median is the middle one of a figure, or the mean of the two in the middle.
func median(rows []Row, figure func(Row) float64) float64 {
	var all []float64
	for _, r := range rows {
		all = append(all, figure(r))
	}
	slices.Sort(all)
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}
