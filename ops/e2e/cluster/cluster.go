package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"testing"

	"chatnode/transport/redistest"
)

// Options are the options of Start.
type Options struct {
	Binary string            // path of the program, from Build
	Nodes  int               // number of nodes
	Name   string            // prefix of the names of the nodes: node-1, node-2; empty: node
	Redis  bool              // one redis-server for all nodes; false: each is standalone
	Env    map[string]string // settings of each node; they override those of this package
}

// Cluster is the nodes of one test.
type Cluster struct {
	Nodes []*Node
	Redis *redistest.Server // nil without Redis
}

// Start runs the nodes and returns when all are ready. They end with the test.
func Start(t testing.TB, o Options) *Cluster {
	t.Helper()
	env := map[string]string{
		"HOST": "127.0.0.1", "DRAIN_DELAY": "0s", "LOG_FORMAT": "json", "LOG_LEVEL": "debug",
	}
	c := &Cluster{}
	if o.Redis {
		c.Redis = redistest.Start(t, redistest.Config{})
		env["ENABLE_DISTRIBUTED_CHAT"], env["REDIS_URL"] = "true", c.Redis.URL()
	}
	maps.Copy(env, o.Env)
	name := cmp.Or(o.Name, "node")
	for i := range o.Nodes {
		n := newNode(t, o.Binary, fmt.Sprintf("%s-%d", name, i+1), env)
		n.Start(t)
		c.Nodes = append(c.Nodes, n)
	}
	for _, n := range c.Nodes {
		n.Ready(t)
	}
	return c
}
