package main

import (
	"strings"
	"testing"
)

func TestTablesHaveMediansAndRatios(t *testing.T) {
	o := &options{connections: 10, rooms: 1, rates: []float64{100}, rounds: 3, size: 128, systems: []string{chatnode, bound}}
	var rows []Row
	for i, cost := range []float64{9, 3, 6} {
		rows = append(rows,
			Row{System: chatnode, OK: true, ConnectsPerSecond: 1000 * cost, ConnectCost: cost, KiBPerConnection: cost},
			Row{System: chatnode, Rate: 100, OK: true, Deliveries: 1000, P50: 1, P99: cost, Cost: cost, Busy: 0.5, LoadCost: 7},
			Row{System: bound, OK: true, ConnectsPerSecond: 1, ConnectCost: 1, KiBPerConnection: 1},
			Row{System: bound, Rate: 100, OK: i != 1, Deliveries: 1000, P50: 1, P99: 1000 + cost, Cost: 4, Busy: 2, LoadCost: 7},
		)
	}
	const want = `10 connections, 1 room(s), 128 bytes of text, medians of 3 round(s)

| system | connects/s | CPU µs a connect | KiB a connection |
|---|---:|---:|---:|
| chatnode | 6000 | 6 | 6.0 |
| log | 1 | 1 | 1.0 |

| msg/s | system | deliveries/s | p50 ms | p99 ms | CPU/M | ÷ log | cores | loadtest CPU/M |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
| 100 | chatnode | 1000 | 1.0 | 6.0 | 6.00 | 1.50 | 0.50 | 7.00 |
| 100 | log saturated | 1000 | 1.0 | 1006.0 | 4.00 | 1.00 | 2.00 | 7.00 | **faults: see the JSON**
`
	var out strings.Builder
	writeTables(&out, o, rows)
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestWithRedisItsCostIsBeside(t *testing.T) {
	o := &options{connections: 10, rooms: 1, rates: []float64{100}, rounds: 1, systems: []string{chatnode}, redis: true, nodes: 3}
	var out strings.Builder
	writeTables(&out, o, []Row{{System: chatnode, Rate: 100, OK: true, Cost: 5, RedisCost: 1.5}})
	for _, want := range []string{"3 node(s) on one Redis", "÷ chatnode | Redis CPU/M |", "| 5.00 | 1.00 | 1.50 |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestMedianOfAnEvenNumberIsTheMiddle(t *testing.T) {
	if m := median([]Row{{Cost: 4}, {Cost: 1}, {Cost: 2}, {Cost: 9}}, func(r Row) float64 { return r.Cost }); m != 3 {
		t.Errorf("%v", m)
	}
}
