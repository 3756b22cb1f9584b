package main

import (
	"context"
	"fmt"
	"io"
	"maps"

	"chatnode/ops/rig"
)

// comparison is all rounds.
type comparison struct {
	*options
	*rig.Bench
	peer     string // path of the program
	profiler string // address of the first node's profiler; empty: none
}

// runComparison runs every load on every system in every round, so that other activity of the machine affects all
// systems alike.
func runComparison(ctx context.Context, o *options, log io.Writer) (rows []Row, err error) {
	c := &comparison{options: o, Bench: rig.NewBench(ctx, log)}
	defer c.Close()
	c.peer = c.Build("ops/compare/peer")
	if o.profile != "" {
		c.buildProfiled()
	}
	for round := range o.rounds {
		for _, name := range o.systems {
			c.start(name)
			for _, l := range o.loads(round) {
				r := Row{System: name, Load: loadName(l)}
				fmt.Fprintf(log, "round %d of %d: %s, %s\n", round+1, o.rounds, name, r.Load)
				c.runLoad(l, &r, round)
				if c.Err() != nil {
					return nil, fmt.Errorf("%s, %s: %w", name, r.Load, c.Err())
				}
				rows = append(rows, r)
			}
			c.Stop()
		}
	}
	return rows, c.Err()
}

// start starts a system.
func (c *comparison) start(name string) {
	c.profiler = ""
	if name != chatnode {
		c.StartServer(name, c.peer, func(port string) (args, env []string) {
			return []string{"-mode", name, "-addr", "127.0.0.1:" + port}, nil
		})
		return
	}
	if c.redis {
		c.StartRedis()
	}
	if c.profile != "" {
		c.profiler = "127.0.0.1:" + c.FreePort()
	}
	c.StartNodes(c.nodes, profileAddr+"="+c.profiler)
}

// runLoad runs a load and completes its row.
func (c *comparison) runLoad(l rig.Load, r *Row, round int) {
	var call []string
	if l.Outstanding > 0 && c.redis {
		call = c.recordCall(l)
	}
	l.Figures = r.System == chatnode && (l.Outstanding > 0 || c.silent > 0)
	shares := c.startProfile(&l, round)
	o := c.Run(l)
	r.OK, r.Figures = o.OK, figures(l, o)
	switch {
	case c.silent > 0:
		maps.Copy(r.Figures, silentFigures(o))
	case call != nil:
		maps.Copy(r.Figures, redisFigures(o))
		c.runBenchmark(call, r.Figures, l.Duration)
	case c.profiler != "":
		maps.Copy(r.Figures, shares())
	}
}
