package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// Coefficients are what each piece of work costs: µs of processor time, or bytes.
type Coefficients struct {
	NodeIdle    float64 // µs a second: a node of a cluster, without connections
	NodeConn    float64 // µs a second: an open connection that pings every PingEvery, and its lease
	NodePing    float64 // s: that PingEvery
	NodeConnect float64 // µs: a connection set up, joined and greeted
	NodeWrite   float64 // µs: a write to a socket
	NodeFrame   float64 // µs: a frame in it
	NodeAppend  float64 // µs: a message taken from its sender, appended and acknowledged, on a node that takes few
	AppendBusy  float64 // µs: likewise, on a node that takes many
	NodeHeard   float64 // µs: a message heard by a node that has members of its room, where it hears few
	HeardBusy   float64 // µs: likewise, where it hears many
	NodeBase    float64 // bytes: a node without connections
	NodeMemory  float64 // bytes: an open connection

	RedisIdle         float64 // µs a second: for each node, its probe
	RedisAppend       float64 // µs: a round trip with one message
	RedisBatched      float64 // µs: a message more in the same round trip
	RedisHear         float64 // µs: a message sent to a node that has subscribed
	RedisBeat         float64 // µs: a heartbeat
	RedisBeatInstance float64 // µs: an instance whose record is read with a heartbeat
	RedisLease        float64 // µs: a user in such a call, whose lease it renews
	RedisPresence     float64 // µs: a call about one room's presence, beside its users
	RedisEnvelope     float64 // bytes: a message to a subscriber, beyond its text
	RedisUser         float64 // bytes: a user's presence
	RedisEntry        float64 // bytes: a message in a log, beyond its text
	RedisKey          float64 // bytes: an idempotency key
}

// A Coefficient is one of them with where it comes from, as the file has it.
type Coefficient struct {
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Meaning string  `json:"meaning"`
	Machine string  `json:"machine"`
	Date    string  `json:"date"`
	Command string  `json:"command"`
}

// A naming is how a coefficient is called, and where it is kept.
type naming struct {
	name, unit, meaning string
	of                  func(*Coefficients) *float64
}

// namings is the one table of coefficients, in the order that they are printed in.
var namings = []naming{
	{"node.idle", "µs/s", "a node of a cluster, without connections", func(c *Coefficients) *float64 { return &c.NodeIdle }},
	{"node.connection", "µs/s", "an open connection that pings, with its lease", func(c *Coefficients) *float64 { return &c.NodeConn }},
	{"node.ping", "s", "how often it pings", func(c *Coefficients) *float64 { return &c.NodePing }},
	{"node.connect", "µs", "a connection set up, joined and greeted", func(c *Coefficients) *float64 { return &c.NodeConnect }},
	{"node.write", "µs", "a write to a socket, with the receiver's kernel work", func(c *Coefficients) *float64 { return &c.NodeWrite }},
	{"node.frame", "µs", "a frame in such a write", func(c *Coefficients) *float64 { return &c.NodeFrame }},
	{"node.append", "µs", "a message taken from its sender, appended and acknowledged, on a node that takes 400 a second", func(c *Coefficients) *float64 { return &c.NodeAppend }},
	{"node.append.busy", "µs", "likewise, on a node that takes 4,000", func(c *Coefficients) *float64 { return &c.AppendBusy }},
	{"node.heard", "µs", "a message heard by a node that has members of its room, where it hears 400 a second", func(c *Coefficients) *float64 { return &c.NodeHeard }},
	{"node.heard.busy", "µs", "likewise, where it hears 1,600", func(c *Coefficients) *float64 { return &c.HeardBusy }},
	{"node.base", "B", "memory of a node without connections", func(c *Coefficients) *float64 { return &c.NodeBase }},
	{"node.memory", "B", "memory of an open connection", func(c *Coefficients) *float64 { return &c.NodeMemory }},
	{"redis.idle", "µs/s", "Redis, for each node without connections", func(c *Coefficients) *float64 { return &c.RedisIdle }},
	{"redis.append", "µs", "Redis: a round trip with one message", func(c *Coefficients) *float64 { return &c.RedisAppend }},
	{"redis.batched", "µs", "Redis: one message more in that round trip", func(c *Coefficients) *float64 { return &c.RedisBatched }},
	{"redis.hear", "µs", "Redis: a message sent to a node that has subscribed", func(c *Coefficients) *float64 { return &c.RedisHear }},
	{"redis.beat", "µs", "Redis: a heartbeat", func(c *Coefficients) *float64 { return &c.RedisBeat }},
	{"redis.beat.instance", "µs", "Redis: an instance whose record is read with it", func(c *Coefficients) *float64 { return &c.RedisBeatInstance }},
	{"redis.lease", "µs", "Redis: a user in such a call, whose lease it renews", func(c *Coefficients) *float64 { return &c.RedisLease }},
	{"redis.presence", "µs", "Redis: a call about one room's presence, beside its users", func(c *Coefficients) *float64 { return &c.RedisPresence }},
	{"redis.envelope", "B", "a message to a subscriber, beyond its text", func(c *Coefficients) *float64 { return &c.RedisEnvelope }},
	{"redis.user", "B", "memory of a user's presence", func(c *Coefficients) *float64 { return &c.RedisUser }},
	{"redis.entry", "B", "memory of a message in a log, beyond its text", func(c *Coefficients) *float64 { return &c.RedisEntry }},
	{"redis.key", "B", "memory of an idempotency key", func(c *Coefficients) *float64 { return &c.RedisKey }},
}

//go:embed coefficients.json
var builtIn []byte

var errCoefficients = errors.New("the coefficients are not complete")

// readCoefficients reads a file of -coefficients, or what was built in where path is "".
func readCoefficients(path string) (*Coefficients, map[string]Coefficient, error) {
	text := builtIn
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, nil, fmt.Errorf("-coefficients: %w", err)
		}
	}
	var all map[string]Coefficient
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, nil, fmt.Errorf("-coefficients: %w", err)
	}
	c := &Coefficients{}
	var errs []error
	for _, n := range namings {
		v, ok := all[n.name]
		if !ok || !(v.Value >= 0) || v.Unit != n.unit {
			errs = append(errs, fmt.Errorf("%w: %s in %s", errCoefficients, n.name, n.unit))
		}
		*n.of(c) = v.Value
	}
	return c, all, errors.Join(errs...)
}

// writeCoefficients writes a file, with where the values come from beside each.
func writeCoefficients(path string, c *Coefficients, from Coefficient) error {
	all := map[string]Coefficient{}
	for _, n := range namings {
		from.Value, from.Unit, from.Meaning = *n.of(c), n.unit, n.meaning
		all[n.name] = from
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write the coefficients: %w", err)
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
