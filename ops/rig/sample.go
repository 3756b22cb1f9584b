package rig

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
)

// Usage is the cost of processes, together.
type Usage struct {
	CPU    float64 // µs since their start
	Memory float64 // resident bytes
}

// Sample is the usage of the servers and of Redis at one time.
type Sample struct {
	At             time.Time
	Servers, Redis Usage
	Figures        map[string]float64 // of Bench.Counters; nil if not requested
}

// Span is the processor time between two samples, in µs.
type Span struct{ Seconds, Servers, Redis float64 }

// Since returns the span from an earlier sample.
func (s Sample) Since(from Sample) Span {
	return Span{s.At.Sub(from.At).Seconds(), s.Servers.CPU - from.Servers.CPU, s.Redis.CPU - from.Redis.CPU}
}

// Measure returns the usage of all processes.
func (b *Bench) Measure() (s Sample) {
	if b.err != nil {
		return s
	}
	s.At = time.Now()
	for _, p := range b.processes() {
		u := &s.Servers
		if p == b.Redis {
			u = &s.Redis
		}
		proc, err := procfs.NewProc(p.process.PID())
		b.Fail(err)
		stat, err := proc.Stat()
		b.Fail(err)
		u.CPU += stat.CPUTime() * 1e6
		u.Memory += float64(stat.ResidentMemory())
	}
	return s
}

// Counters returns the metrics without labels, summed over the nodes, and the numbers of Redis's INFO. The figure of a
// command's statistics is the number of calls.
func (b *Bench) Counters() map[string]float64 {
	all := map[string]float64{}
	if b.err != nil {
		return all
	}
	for _, p := range b.Servers {
		text, err := p.get(b.Ctx, "/metrics")
		b.Fail(err)
		for line := range strings.Lines(text) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			if v, err := strconv.ParseFloat(value, 64); err == nil {
				all[name] += v
			}
		}
	}
	if b.Client == nil {
		return all
	}
	info, err := b.Client.InfoMap(b.Ctx, "stats", "memory", "commandstats").Result()
	if err != nil {
		b.Fail(fmt.Errorf("read INFO of Redis: %w", err))
	}
	for _, section := range info {
		for name, value := range section {
			value, _, _ = strings.Cut(strings.TrimPrefix(value, "calls="), ",")
			if v, err := strconv.ParseFloat(value, 64); err == nil {
				all[name] = v
			}
		}
	}
	return all
}
