package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"chatnode/ops/rig"
)

// A bench has what the runs of -measure and -check need.
type bench struct {
	dir      string
	chatnode string
	loadtest string
	log      io.Writer
}

// newBench builds the programs.
func newBench(ctx context.Context, log io.Writer) (*bench, error) {
	dir, err := os.MkdirTemp("", "sizing-*")
	if err != nil {
		return nil, fmt.Errorf("a folder for the programs: %w", err)
	}
	b := &bench{dir: dir, log: log}
	if b.chatnode, err = rig.Build(ctx, dir, "node/chatnode"); err != nil {
		return b, err
	}
	b.loadtest, err = rig.Build(ctx, dir, "ops/loadtest")
	return b, err
}

func (b *bench) close() error { return os.RemoveAll(b.dir) }

// A site is a cluster that runs: nodes, and the Redis between them, which is watched last.
type site struct {
	group rig.Group
	nodes []*rig.Program
	redis *rig.Program
}

// start starts a cluster. It must be stopped, also after an error.
func (b *bench) start(ctx context.Context, nodes int, env ...string) (*site, error) {
	s := &site{}
	var err error
	if s.redis, err = s.group.StartRedis(ctx, b.dir); err != nil {
		return s, err
	}
	for range nodes {
		n, err := s.group.StartNode(ctx, b.dir, b.chatnode, "redis://"+s.redis.Addr, env)
		if err != nil {
			return s, err
		}
		s.nodes = append(s.nodes, n)
	}
	return s, nil
}

// watched are the programs of the cluster, in the order of the samples.
func (s *site) watched() []*rig.Program {
	return append(s.nodes[:len(s.nodes):len(s.nodes)], s.redis)
}

// addrs are where clients connect.
func (s *site) addrs() []string {
	var all []string
	for _, n := range s.nodes {
		all = append(all, n.Addr)
	}
	return all
}

// A span is what the nodes and Redis used between two samples, in µs a second, and held at its end.
type span struct{ seconds, node, redis, nodeMemory, redisMemory float64 }

func (s *site) between(from, to rig.Sample) span {
	nodes := make([]int, len(s.nodes))
	for i := range nodes {
		nodes[i] = i
	}
	d := to.At.Sub(from.At).Seconds()
	rate := func(a, b rig.Usage) float64 { return float64((b.CPU - a.CPU).Microseconds()) / d }
	last := len(s.nodes)
	return span{
		d, rate(from.Total(nodes...), to.Total(nodes...)), rate(from.Total(last), to.Total(last)),
		float64(to.Total(nodes...).Memory), float64(to.Total(last).Memory),
	}
}

// figure is the sum of a metric without labels over all nodes.
func (s *site) figure(ctx context.Context, name string) (float64, error) {
	return rig.Metric(ctx, name, s.nodes...)
}
