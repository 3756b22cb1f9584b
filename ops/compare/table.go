package main

import (
	"fmt"
	"io"
	"slices"

	"chatnode/ops/rig"
)

const (
	saturatedP99 = 1000 // ms; a system with a higher p99 does not keep up
	ratio        = "÷"  // cost, divided by that of the base system
)

// tables is the tables and their columns. A table has the rows with a figure in its first column, and the columns in
// which a row has a figure other than 0.
var tables = []struct {
	title   string
	columns []string
}{
	{"Idle connections", []string{"connects/s", "CPU µs per connect", "KiB per connection"}},
	{"Messages at a fixed rate", []string{
		"p50 ms", figP99, "deliveries/s", figCost, ratio, "Redis CPU/M", "cores", "loadtest CPU/M",
		"MiB at start", "MiB at end", "MiB max", "disconnected", "found 1013",
	}},
	{"Writers that wait for their acks", []string{"acked/s", "ack p50 ms", "ack p99 ms", "writes per batch", "deliveries/s", "CPU µs per message", "cores"}},
	{"Redis, and redis-benchmark with the same script", []string{
		"scripts per batch", "reads per batch", "KiB per batch", "Redis µs per message", "Redis cores",
		"-P", "writes per script", "messages/s", "µs per message", "benchmark cores", "acked ÷ benchmark", "CPU ÷ benchmark",
	}},
	{"Processor time of the first node, percent", []string{"work", "journal", "metrics", "supervision", "mailboxes", "overhead", "scheduler", "collector"}},
}

// writeTables writes the medians of all rounds.
func writeTables(out io.Writer, o *options, rows []Row) {
	fmt.Fprintf(out, "%d connections, %d room(s), %d bytes of text, medians of %d round(s)", o.connections, o.rooms, o.size, o.rounds)
	if o.redis {
		fmt.Fprintf(out, "; chatnode: %d node(s) with Redis", o.nodes)
	}
	fmt.Fprintln(out)
	base := o.systems[len(o.systems)-1]
	if slices.Contains(o.systems, bound) {
		base = bound
	}
	all := allMedians(rows, o.systems, base)
	for _, t := range tables {
		lines := slices.DeleteFunc(slices.Clone(all), func(r Row) bool { return r.Figures[t.columns[0]] == 0 })
		if len(lines) > 0 {
			fmt.Fprintf(out, "\n%s\n\n", t.title)
			writeTable(out, t.columns, lines, base)
		}
	}
}

func writeTable(out io.Writer, columns []string, lines []Row, base string) {
	head, cells := []string{"load", "system"}, make([][]string, len(lines))
	for i, r := range lines {
		if r.Figures[figP99] >= saturatedP99 {
			r.System += " saturated"
		}
		if !r.OK {
			r.System += " **faults**"
		}
		cells[i] = []string{r.Load, r.System}
	}
	for _, name := range columns {
		if !slices.ContainsFunc(lines, func(r Row) bool { return r.Figures[name] != 0 }) {
			continue
		}
		for i, r := range lines {
			cells[i] = append(cells[i], rig.Digits(r.Figures[name]))
		}
		if name == ratio {
			name += " " + base
		}
		head = append(head, name+":")
	}
	rig.Table(out, head, cells)
}

// allMedians returns the medians of each load on each system, ordered by load.
func allMedians(rows []Row, systems []string, base string) (all []Row) {
	type run struct{ system, load string }
	runs := map[run][]Row{}
	var loads []string
	for _, r := range rows {
		if !slices.Contains(loads, r.Load) {
			loads = append(loads, r.Load)
		}
		runs[run{r.System, r.Load}] = append(runs[run{r.System, r.Load}], r)
	}
	for _, load := range loads {
		baseCost := medians(runs[run{base, load}])[figCost]
		for _, system := range systems {
			rs := runs[run{system, load}]
			m := Row{System: system, Load: load, Figures: medians(rs)}
			m.OK = !slices.ContainsFunc(rs, func(r Row) bool { return !r.OK })
			if cost := m.Figures[figCost]; cost > 0 {
				m.Figures[ratio] = cost / baseCost
			}
			all = append(all, m)
		}
	}
	return all
}

// medians returns the medians of the figures of all rows.
func medians(rows []Row) map[string]float64 {
	values, m := map[string][]float64{}, map[string]float64{}
	for _, r := range rows {
		for name, v := range r.Figures {
			values[name] = append(values[name], v)
		}
	}
	for name, all := range values {
		slices.Sort(all)
		n := len(all)
		m[name] = (all[(n-1)/2] + all[n/2]) / 2
	}
	return m
}
