package main

import (
	"fmt"
	"strings"
)

// coefficientTable has every coefficient with what it means.
func coefficientTable(all map[string]Coefficient) string {
	var b strings.Builder
	from := all[namings[0].name]
	fmt.Fprintf(&b, "Measured on %s, %s, by `%s`:\n\n| coefficient | value | what |\n|---|---:|---|\n", from.Machine, from.Date, from.Command)
	for _, n := range namings {
		fmt.Fprintf(&b, "| `%s` | %s %s | %s |\n", n.name, digits(all[n.name].Value), n.unit, n.meaning)
	}
	return b.String()
}

// checkTable has what the model predicts for each cluster that was measured.
func checkTable(k *Coefficients, rows []Checked) string {
	var b strings.Builder
	if len(rows) > 0 {
		fmt.Fprintf(&b, "Measured on %s, %s, by `%s`:\n\n", rows[0].Machine, rows[0].Date, rows[0].Command)
	}
	b.WriteString("| nodes | connections | msg/s | what | predicted | measured | ratio |\n|---:|---:|---:|---|---:|---:|---:|\n")
	for _, c := range rows {
		for _, f := range compared(k, c) {
			fmt.Fprintf(&b, "| %d | %d | %g | %s | %s | %s | %.2f |\n", c.Nodes, c.Connections, f.rate, f.what,
				f.show(f.predicted), f.show(f.measured), f.predicted/f.measured)
		}
	}
	return b.String()
}

// A comparison is one figure of a cluster as predicted and as measured.
type comparison struct {
	what                string
	rate                float64
	predicted, measured float64
	show                func(float64) string
}

// compared are all of them.
func compared(k *Coefficients, c Checked) []comparison {
	quiet := Estimate(c.workload(false), k, float64(c.Nodes))
	busy := Estimate(c.workload(true), k, float64(c.Nodes))
	return []comparison{
		{"CPU of the nodes", 0, quiet.NodeCPU(), c.QuietNode, cores},
		{"CPU of Redis", 0, quiet.Redis.CPU(), c.QuietRedis, cores},
		{"CPU of the nodes", c.Rate, busy.NodeCPU(), c.Node, cores},
		{"CPU of Redis", c.Rate, busy.Redis.CPU(), c.Redis, cores},
		{"memory of the nodes", c.Rate, busy.NodeMemory, c.NodeMemory, size},
	}
}

// planTable has a column for each number of connections.
func planTable(o *options, k *Coefficients) string {
	var plans []Plan
	head, line := "| |", "|---|"
	for _, n := range o.connections {
		w := o.workload
		w.Connections = n
		plans = append(plans, MakePlan(w, k, o.pod, o.shard, o.prices))
		head += " " + count(n) + " |"
		line += "---:|"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", head, line)
	row := func(what string, show func(p *Plan) string) {
		fmt.Fprintf(&b, "| %s |", what)
		for i := range plans {
			fmt.Fprintf(&b, " %s |", show(&plans[i]))
		}
		b.WriteString("\n")
	}
	row("messages a second", func(p *Plan) string { return count(p.Messages) })
	row("deliveries a second", func(p *Plan) string { return count(p.Delivered) })
	row("**nodes**", func(p *Plan) string { return "**" + count(p.Nodes) + "**" })
	row("cores busy in all of them", func(p *Plan) string { return cores(p.NodeCPU()) })
	for _, part := range []struct {
		what string
		of   func(p *Plan) float64
	}{
		{"deliveries", func(p *Plan) float64 { return p.Fanout }},
		{"messages from clients", func(p *Plan) float64 { return p.Append }},
		{"messages from Redis", func(p *Plan) float64 { return p.Heard }},
		{"open and new connections", func(p *Plan) float64 { return p.Open }},
		{"news of who is here", func(p *Plan) float64 { return p.Presence }},
	} {
		row("– "+part.what, func(p *Plan) string { return fmt.Sprintf("%.0f %%", 100*part.of(p)/p.NodeCPU()) })
	}
	row("memory of all of them", func(p *Plan) string { return size(p.NodeMemory) })
	row("to clients", func(p *Plan) string { return size(p.ToClients) + "/s" })
	row("**Redis masters**", func(p *Plan) string {
		if p.Cluster {
			return fmt.Sprintf("**%s**, Cluster", count(p.Shards))
		}
		return "**1**"
	})
	row("their CPU, in cores", func(p *Plan) string { return cores(p.Redis.CPU()) })
	row("their memory, data only", func(p *Plan) string { return size(p.Redis.Memory) })
	row("their output", func(p *Plan) string { return size(p.Redis.Output) + "/s" })
	row("subscriptions", func(p *Plan) string { return count(p.Redis.Subscriptions) })
	row("heartbeats: share of one thread", func(p *Plan) string { return fmt.Sprintf("%.1f %%", p.Redis.Heartbeat/1e4) })
	row("busiest room: share of one thread", func(p *Plan) string { return fmt.Sprintf("%.1f %%", p.Redis.HottestCPU/1e4) })
	row("a month: nodes, Redis, egress", func(p *Plan) string {
		return fmt.Sprintf("%s + %s + %s", count(p.Month.Nodes), count(p.Month.Redis), count(p.Month.Egress))
	})
	row("**a month, all**", func(p *Plan) string { return "**" + count(p.Month.Sum()) + "**" })
	row("where it ends", func(p *Plan) string {
		if len(p.Walls) == 0 {
			return "holds"
		}
		return strings.Join(p.Walls, "; ")
	})
	return b.String()
}
