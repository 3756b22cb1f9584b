package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"chatnode/ops/rig"
)

// The load of a check: every node has as many connections as a process may open, all rooms have members on
// every node, and what is sent leaves most of the machine free.
const (
	checkConnections = 19_000 // of each node
	checkRooms       = 1900
	checkRate        = 400  // messages a second, on all nodes together
	checkJoins       = 4000 // connections begun in a second, by all loadtest processes together
	checkFor         = 15 * time.Second
	checkCalm        = 10 * time.Second // tens of thousands have come, and everybody is told
	checkSettle      = 12 * time.Second
)

// A Checked is one cluster as it was measured. µs/s of processor time, bytes of memory.
type Checked struct {
	Nodes       int     `json:"nodes"`
	Connections int     `json:"connections"`
	Rooms       int     `json:"rooms"`
	Rate        float64 `json:"rate"`
	Machine     string  `json:"machine"`
	Date        string  `json:"date"`
	Command     string  `json:"command"`

	QuietNode   float64 `json:"quietNode"` // nothing was sent
	QuietRedis  float64 `json:"quietRedis"`
	Node        float64 `json:"node"` // messages were sent
	Redis       float64 `json:"redis"`
	NodeMemory  float64 `json:"nodeMemory"`
	Busy        float64 `json:"busyCores"` // nodes and Redis together
	DeliveryP99 float64 `json:"deliveryP99Ms"`
}

// workload is what was done to the cluster, as the model has it.
func (c *Checked) workload(sending bool) Workload {
	w := Workload{
		Connections: float64(c.Connections), Text: textBytes, PingEvery: clientPing * time.Second, Writers: 1,
		Rooms: []RoomClass{{Share: 1, Members: float64(c.Connections / c.Rooms), Rate: c.Rate / float64(c.Rooms)}},
	}
	if !sending {
		w.Rooms[0].Rate = 0
	}
	return w
}

// check runs a cluster and measures it.
func (b *bench) check(ctx context.Context, nodes int, from Coefficient) (out Checked, err error) {
	b.say(fmt.Sprintf("%d node(s) with %d connections each", nodes, checkConnections))
	s, err := b.start(ctx, nodes)
	defer func() { err = errors.Join(err, s.group.Stop()) }()
	if err != nil {
		return out, err
	}
	l := &rig.Load{
		Connections: nodes * checkConnections, Senders: checkRooms, Rooms: checkRooms,
		Rate: checkRate, ConnectRate: checkJoins / float64(nodes), Duration: checkFor, Calm: checkCalm, Settle: checkSettle,
	}
	o, err := b.put(ctx, s, l)
	if err != nil {
		return out, err
	}
	steady, _ := o.Steady(l)
	quiet, busy := s.between(o.Quiet[0], o.Quiet[1]), s.between(steady, o.End)
	return Checked{
		Nodes: nodes, Connections: l.Connections, Rooms: l.Rooms, Rate: l.Rate,
		Machine: from.Machine, Date: from.Date, Command: from.Command,
		QuietNode: quiet.node, QuietRedis: quiet.redis, Node: busy.node, Redis: busy.redis, NodeMemory: busy.nodeMemory,
		Busy: (busy.node + busy.redis) / 1e6, DeliveryP99: o.Report.Delivery.P99,
	}, nil
}

func readChecked(dir string) ([]Checked, error) {
	text, err := os.ReadFile(filepath.Join(dir, "testdata", "checked.json"))
	if err != nil {
		return nil, fmt.Errorf("read what was checked: %w", err)
	}
	var all []Checked
	return all, json.Unmarshal(text, &all)
}

// writeChecked writes a row in the place of the one with as many nodes.
func writeChecked(dir string, fresh Checked) error {
	old, err := readChecked(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	byNodes := map[int]Checked{}
	most := 0
	for _, c := range append(old, fresh) {
		byNodes[c.Nodes] = c
		most = max(most, c.Nodes)
	}
	var all []Checked
	for n := 1; n <= most; n++ {
		if c, ok := byNodes[n]; ok {
			all = append(all, c)
		}
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write what was checked: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "testdata", "checked.json"), append(text, '\n'), 0o644)
}
