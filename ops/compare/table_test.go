package main

import (
	"strings"
	"testing"

	"chatnode/ops/rig"
)

func TestTablesHaveMediansAndRatios(t *testing.T) {
	o := &options{connections: 10, rooms: 1, rates: rig.Numbers{100}, rounds: 3, size: 128, systems: []string{chatnode, bound}, redis: true, nodes: 3}
	var rows []Row
	for i, cost := range []float64{9, 3, 6} {
		rows = append(rows,
			Row{chatnode, "idle", true, map[string]float64{"connects/s": 1000 * cost, "KiB per connection": cost}},
			Row{chatnode, "100 msg/s", true, map[string]float64{"p50 ms": 1, figP99: cost, figCost: cost, "Redis CPU/M": 1.5}},
			Row{bound, "idle", true, map[string]float64{"connects/s": 1, "KiB per connection": 1}},
			Row{bound, "100 msg/s", i != 1, map[string]float64{"p50 ms": 1, figP99: 1000 + cost, figCost: 4}},
		)
	}
	const want = `10 connections, 1 room(s), 128 bytes of text, medians of 3 round(s); chatnode: 3 node(s) with Redis

Idle connections

| load | system | connects/s | KiB per connection |
|---|---|---:|---:|
| idle | chatnode | 6000 | 6 |
| idle | log | 1 | 1 |

Messages at a fixed rate

| load | system | p50 ms | p99 ms | CPU/M | ÷ log | Redis CPU/M |
|---|---|---:|---:|---:|---:|---:|
| 100 msg/s | chatnode | 1 | 6 | 6 | 1.50 | 1.50 |
| 100 msg/s | log saturated **faults** | 1 | 1006 | 4 | 1 | 0 |
`
	var out strings.Builder
	writeTables(&out, o, rows)
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestMedianOfEvenNumberIsMean(t *testing.T) {
	var rows []Row
	for _, v := range []float64{4, 1, 2, 9} {
		rows = append(rows, Row{Figures: map[string]float64{"x": v}})
	}
	if m := medians(rows)["x"]; m != 3 {
		t.Errorf("%v", m)
	}
}
