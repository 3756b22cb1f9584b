// Package stats contains the counters, gauges and histograms of the actors of one node. Actors update them, and any
// goroutine may read them. Statistics per kind of actor are in process.KindStats.
//
// The package must not know metric names or formats; node maps the values to them.
//
// Files:
//
//	stats.go      Stats and its parts, by actor
//	link.go       LinkStats: round-trip times of the probes
//	histogram.go  Histogram: durations in fixed buckets
//	latency.go    Latency: mean and maximum of the last durations
package stats
