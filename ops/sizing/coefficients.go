package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/prometheus/procfs"

	"chatnode/ops/rig"
)

// Coefficients is the cost of each piece of work. The tags are the names, units and meanings of its table.
type Coefficients struct {
	NodeIdle          float64 `json:"node.idle" unit:"µs/s" meaning:"a node of a cluster, without connections"`
	NodeConn          float64 `json:"node.connection" unit:"µs/s" meaning:"an open connection that pings, with its lease"`
	NodePing          float64 `json:"node.ping" unit:"s" meaning:"its ping interval"`
	NodeConnect       float64 `json:"node.connect" unit:"µs" meaning:"a new connection, until it has joined a room"`
	NodeWrite         float64 `json:"node.write" unit:"µs" meaning:"a write to a socket, with the receiver's kernel work"`
	NodeFrame         float64 `json:"node.frame" unit:"µs" meaning:"a frame in such a write"`
	NodeAppend        float64 `json:"node.append" unit:"µs" meaning:"a message received from its sender, appended and acknowledged, on a node with 400 a second"`
	AppendBusy        float64 `json:"node.append.busy" unit:"µs" meaning:"the same on a node with 4,000 a second"`
	NodeReceive       float64 `json:"node.heard" unit:"µs" meaning:"a message received from Redis by a node with members of its room, on a node with 400 a second"`
	ReceiveBusy       float64 `json:"node.heard.busy" unit:"µs" meaning:"the same on a node with 1,600 a second"`
	NodeBase          float64 `json:"node.base" unit:"B" meaning:"memory of a node without connections"`
	NodeMemory        float64 `json:"node.memory" unit:"B" meaning:"memory of an open connection"`
	RedisIdle         float64 `json:"redis.idle" unit:"µs/s" meaning:"Redis, per node without connections"`
	RedisAppend       float64 `json:"redis.append" unit:"µs" meaning:"Redis: a round trip with one message"`
	RedisBatched      float64 `json:"redis.batched" unit:"µs" meaning:"Redis: each further message in that round trip"`
	RedisPublish      float64 `json:"redis.hear" unit:"µs" meaning:"Redis: a message sent to a subscribed node"`
	RedisBeat         float64 `json:"redis.beat" unit:"µs" meaning:"Redis: a heartbeat"`
	RedisBeatInstance float64 `json:"redis.beat.instance" unit:"µs" meaning:"Redis: an instance whose record is read with it"`
	RedisLease        float64 `json:"redis.lease" unit:"µs" meaning:"Redis: a user in a presence call, whose lease it renews"`
	RedisPresence     float64 `json:"redis.presence" unit:"µs" meaning:"Redis: a presence call of one room, without its users"`
	RedisEnvelope     float64 `json:"redis.envelope" unit:"B" meaning:"a message to a subscriber, without its text"`
	RedisUser         float64 `json:"redis.user" unit:"B" meaning:"memory of a user's presence"`
	RedisEntry        float64 `json:"redis.entry" unit:"B" meaning:"memory of a message in a log, without its text"`
	RedisKey          float64 `json:"redis.key" unit:"B" meaning:"memory of an idempotency key"`
}

// Cluster is one measured cluster, without messages (quiet) and with messages at Rate.
type Cluster struct {
	Nodes       int     `json:"nodes"`
	Connections int     `json:"connections"`
	Rooms       int     `json:"rooms"`
	Rate        float64 `json:"rate"`

	QuietNode  float64 `json:"quietNode"` // µs/s of all nodes
	QuietRedis float64 `json:"quietRedis"`
	Node       float64 `json:"node"`
	Redis      float64 `json:"redis"`
	NodeMemory float64 `json:"nodeMemory"`
}

// Measurement is values with their origin.
type Measurement[T any] struct {
	Machine string `json:"machine"`
	Date    string `json:"date"`
	Command string `json:"command"`
	Values  T      `json:"values"`
}

// Measured is the content of measured.json.
type Measured struct {
	Coefficients Measurement[Coefficients] `json:"coefficients"`
	Clusters     Measurement[[]Cluster]    `json:"clusters"`
}

//go:embed measured.json
var builtIn []byte

func readMeasured() (m Measured, err error) {
	if err = json.Unmarshal(builtIn, &m); err != nil {
		err = fmt.Errorf("read measured.json: %w", err)
	}
	return m, err
}

// write replaces measured.json in the source tree.
func (m *Measured) write() error {
	text, err := json.MarshalIndent(m, "", "  ")
	folder, folderErr := rig.Folder("ops/sizing")
	if err = errors.Join(err, folderErr); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "measured.json"), append(text, '\n'), 0o644)
}

// set replaces the values with those of command on this machine.
func (m *Measurement[T]) set(values T, command string) {
	model := runtime.GOARCH
	if fs, err := procfs.NewDefaultFS(); err == nil {
		if cpus, err := fs.CPUInfo(); err == nil && len(cpus) > 0 {
			model = cpus[0].ModelName
		}
	}
	m.Machine = fmt.Sprintf("%d × %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version())
	m.Date, m.Command, m.Values = time.Now().UTC().Format(time.DateOnly), command, values
}
