package redistest

import (
	"fmt"
	"strings"
	"testing"
)

const clusterSlots = 16384

// Cluster is a set of masters that share the slots evenly, without replicas.
type Cluster struct{ Masters []*Server }

// StartCluster runs n masters until the test ends. It returns when all masters report the state ok.
func StartCluster(t testing.TB, n int) *Cluster {
	t.Helper()
	c := &Cluster{}
	for range n {
		c.Masters = append(c.Masters, Start(t, Config{Lines: []string{"cluster-enabled yes", "cluster-node-timeout 3000"}}))
	}
	for i, m := range c.Masters {
		m.Do(t, "CLUSTER", "ADDSLOTSRANGE", i*clusterSlots/n, (i+1)*clusterSlots/n-1)
		m.Do(t, "CLUSTER", "SET-CONFIG-EPOCH", i+1)
	}
	for _, m := range c.Masters[1:] {
		c.Masters[0].Do(t, "CLUSTER", "MEET", "127.0.0.1", m.Port)
	}
	for _, m := range c.Masters {
		wait(t, "the cluster at "+m.Addr, func() bool {
			info := fmt.Sprint(m.Do(t, "CLUSTER", "INFO"))
			return strings.Contains(info, "cluster_state:ok") &&
				strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", n))
		})
	}
	return c
}

// URL returns the REDIS_URL of the cluster.
func (c *Cluster) URL() string {
	addrs := make([]string, len(c.Masters))
	for i, m := range c.Masters {
		addrs[i] = m.Addr
	}
	return "redis+cluster://" + strings.Join(addrs, ",")
}

// Owner returns the master that owned the slot of the key at the start.
func (c *Cluster) Owner(t testing.TB, key string) *Server {
	t.Helper()
	slot, ok := c.Masters[0].Do(t, "CLUSTER", "KEYSLOT", key).(int64)
	if !ok {
		t.Fatalf("CLUSTER KEYSLOT %s: reply is not a number", key)
	}
	return c.Masters[int(slot)*len(c.Masters)/clusterSlots]
}

// MoveSlot moves the slot of the key, which must be empty, to another master, and returns that master.
func (c *Cluster) MoveSlot(t testing.TB, key string) *Server {
	t.Helper()
	slot := c.Masters[0].Do(t, "CLUSTER", "KEYSLOT", key)
	from := c.Owner(t, key)
	to := c.Masters[0]
	if to == from {
		to = c.Masters[1]
	}
	id := to.Do(t, "CLUSTER", "MYID")
	for _, m := range append([]*Server{to}, c.Masters...) {
		m.Do(t, "CLUSTER", "SETSLOT", slot, "NODE", id)
	}
	return to
}
