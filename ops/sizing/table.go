package main

import (
	"fmt"
	"reflect"
	"strings"

	"chatnode/ops/rig"
)

// tables returns the tables of SIZING.md by name.
func (m *Measured) tables(o *options) map[string]string {
	var coefficients, check, plans strings.Builder
	m.Coefficients.writeOrigin(&coefficients)
	rig.Table(&coefficients, []string{"coefficient", "value:", "meaning"}, m.coefficientRows())
	m.Clusters.writeOrigin(&check)
	rig.Table(&check, []string{"nodes:", "connections:", "msg/s:", "figure", "predicted:", "measured:", "ratio:"}, m.checkRows())
	head, rows := planRows(o, &m.Coefficients.Values)
	rig.Table(&plans, head, rows)
	return map[string]string{"coefficients": coefficients.String(), "check": check.String(), "plans": plans.String()}
}

func (m *Measurement[T]) writeOrigin(out *strings.Builder) {
	fmt.Fprintf(out, "Measured on %s, %s, by `%s`:\n\n", m.Machine, m.Date, m.Command)
}

func (m *Measured) coefficientRows() (rows [][]string) {
	v := reflect.ValueOf(m.Coefficients.Values)
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		rows = append(rows, []string{"`" + tag.Get("json") + "`", rig.Digits(v.Field(i).Float()) + " " + tag.Get("unit"), tag.Get("meaning")})
	}
	return rows
}

func (m *Measured) checkRows() (rows [][]string) {
	for _, c := range m.Clusters.Values {
		for _, p := range c.predictions(&m.Coefficients.Values) {
			rows = append(rows, []string{
				fmt.Sprint(c.Nodes), fmt.Sprint(c.Connections), fmt.Sprint(p.rate), p.figure, p.format(p.predicted), p.format(p.measured),
				fmt.Sprintf("%.2f", p.predicted/p.measured),
			})
		}
	}
	return rows
}

// prediction is one figure of a cluster as predicted and as measured.
type prediction struct {
	figure              string
	rate                float64
	predicted, measured float64
	format              func(float64) string
}

func (c *Cluster) predictions(k *Coefficients) []prediction {
	quiet := Estimate(c.workload(0), k, float64(c.Nodes))
	busy := Estimate(c.workload(c.Rate), k, float64(c.Nodes))
	return []prediction{
		{"CPU of the nodes", 0, quiet.NodeCPU(), c.QuietNode, cores},
		{"CPU of Redis", 0, quiet.Redis.CPU(), c.QuietRedis, cores},
		{"CPU of the nodes", c.Rate, busy.NodeCPU(), c.Node, cores},
		{"CPU of Redis", c.Rate, busy.Redis.CPU(), c.Redis, cores},
		{"memory of the nodes", c.Rate, busy.NodeMemory, c.NodeMemory, size},
	}
}

// planRows returns a column for each number of connections.
func planRows(o *options, k *Coefficients) (head []string, rows [][]string) {
	head = []string{"figure"}
	for i, n := range o.connections {
		w := o.workload
		w.Connections = n
		head = append(head, count(n)+":")
		for j, line := range planLines(NewPlan(w, k, o.limits)) {
			if i == 0 {
				rows = append(rows, []string{line[0]})
			}
			rows[j] = append(rows[j], line[1])
		}
	}
	return head, rows
}

// planLines returns the names and values of a plan's figures.
func planLines(p Plan) [][2]string {
	share := func(cpu float64) string { return fmt.Sprintf("%.0f %%", 100*cpu/p.NodeCPU()) }
	masters := "**" + count(p.Shards) + "**"
	if p.Shards > 1 {
		masters += ", Cluster"
	}
	exceeded := "none"
	if len(p.Exceeded) > 0 {
		exceeded = strings.Join(p.Exceeded, "; ")
	}
	return [][2]string{
		{"messages a second", count(p.Messages)},
		{"deliveries a second", count(p.Deliveries)},
		{"**nodes**", "**" + count(p.Nodes) + "**"},
		{"cores busy in all of them", cores(p.NodeCPU())},
		{"– deliveries", share(p.Fanout)},
		{"– messages from clients", share(p.Append)},
		{"– messages from Redis", share(p.Receive)},
		{"– open and new connections", share(p.Open)},
		{"– presence", share(p.Presence)},
		{"memory of all of them", size(p.NodeMemory)},
		{"to clients", size(p.ToClients) + "/s"},
		{"**Redis masters**", masters},
		{"their CPU, in cores", cores(p.Redis.CPU())},
		{"their memory, data only", size(p.Redis.Memory)},
		{"their output", size(p.Redis.Output) + "/s"},
		{"subscriptions", count(p.Redis.Subscriptions)},
		{"heartbeats: share of one thread", fmt.Sprintf("%.1f %%", p.Redis.Heartbeat/1e4)},
		{"busiest room: share of one thread", fmt.Sprintf("%.1f %%", p.Redis.HottestCPU/1e4)},
		{"a month: nodes, Redis, egress", count(p.NodePrice) + " + " + count(p.RedisPrice) + " + " + count(p.EgressPrice)},
		{"**a month, all**", "**" + count(p.NodePrice+p.RedisPrice+p.EgressPrice) + "**"},
		{"limits exceeded", exceeded},
	}
}

// cores formats µs/s of processor time.
func cores(micros float64) string { return rig.Digits(micros / 1e6) }

func count(n float64) string { return scaled(n, 1000, "", " k", " M", " G", " T") }

// size formats bytes.
func size(n float64) string { return scaled(n, 1024, " B", " KiB", " MiB", " GiB", " TiB", " PiB") }

func scaled(n, step float64, units ...string) string {
	i := 0
	for ; n >= step && i < len(units)-1; i++ {
		n /= step
	}
	return rig.Digits(n) + units[i]
}
