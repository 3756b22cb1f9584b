// Package latency counts durations by size, cheaply enough to be called for each of a million
// messages a second, and tells quantiles of what was counted.
//
//	histogram.go  Histogram: fixed log-linear buckets of atomic counters
//	recorder.go   Recorder: several histograms, so that cores do not fight over one counter
//	counts.go     Counts: a copy at one moment; differences and quantiles
package latency
