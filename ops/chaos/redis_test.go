package chaos

import (
	"fmt"
	"strings"
	"testing"

	"chatnode/transport/redistest"
)

// A backend is the Redis of one row, and what stands before it.
type backend struct {
	*redistest.Server        // the one, or the one that holds the room's log
	url               string // the nodes' REDIS_URL
	proxy             *proxy // nil without
	sentinel          *redistest.Sentinel
	replica           *redistest.Server // that takes over
}

// onDisk keeps what it has acknowledged across a kill: it is written before the answer, if not synced.
// With everysec Redis puts the writing off while a sync takes long, and answers all the same.
var onDisk = []string{"appendonly yes", "appendfsync no"}

// kept is a Redis that a kill costs nothing.
func kept(t *testing.T) *backend {
	s := redistest.Start(t, redistest.Config{Lines: onDisk})
	return &backend{Server: s, url: s.URL()}
}

// forgetful is a Redis that comes back empty.
func forgetful(t *testing.T) *backend {
	s := redistest.Start(t, redistest.Config{})
	return &backend{Server: s, url: s.URL()}
}

// behindProxy is one whose network can be broken.
func behindProxy(t *testing.T) *backend {
	b := kept(t)
	b.proxy = startProxy(t, b.Addr)
	b.url = "redis://" + b.proxy.Addr
	return b
}

// withUser lets the nodes in as the least-privileged user of the guide.
func withUser(t *testing.T) *backend {
	b := kept(t)
	b.Do(t, "ACL", "SETUSER", "chat", "on", ">secret", "resetkeys", "~chat:*", "resetchannels", "&chat:*", "+@all", "-@dangerous")
	b.url = "redis://chat:secret@" + b.Addr
	return b
}

// slowLoader takes a minute to read its data at a start, or until it is told to load, and says LOADING
// meanwhile, every few milliseconds.
func slowLoader(t *testing.T) *backend {
	lines := append([]string{"key-load-delay 1000", "loading-process-events-interval-bytes 1024", "aof-use-rdb-preamble yes"}, onDisk...)
	s := redistest.Start(t, redistest.Config{Lines: lines})
	s.Do(t, "DEBUG", "POPULATE", 60_000, "ballast")
	s.Do(t, "BGREWRITEAOF") // what is populated is in no log otherwise
	eventually(t, "the ballast is on disk", func() bool {
		info := fmt.Sprint(s.Do(t, "INFO", "persistence"))
		return strings.Contains(info, "aof_rewrite_in_progress:0") && strings.Contains(info, "aof_rewrite_scheduled:0") && strings.Contains(info, "aof_last_bgrewrite_status:ok")
	})
	return &backend{Server: s, url: s.URL()}
}

// load lets a slowLoader load at full speed, and waits until it serves.
func (b *backend) load(w *world) {
	w.Helper()
	b.Do(w.T, "CONFIG", "SET", "key-load-delay", "0")
	b.Await(w.T)
}

// watched is a master with a replica and three sentinels.
func watched(t *testing.T) *backend {
	s := redistest.StartSentinel(t)
	return &backend{Server: s.Master, url: s.URL(), sentinel: s, replica: s.Replica}
}

// sharded is a Cluster of three masters; the one that holds the room's log has a replica.
func sharded(t *testing.T) *backend {
	c := redistest.StartCluster(t, 3)
	owner := c.Owner(t, "chat:log:{"+room+"}")
	r := redistest.Start(t, redistest.Config{Lines: []string{"cluster-enabled yes", "cluster-node-timeout 3000"}})
	r.Do(t, "CLUSTER", "MEET", "127.0.0.1", owner.Port)
	id := fmt.Sprint(owner.Do(t, "CLUSTER", "MYID"))
	eventually(t, "the replica knows its master", func() bool {
		return strings.Contains(fmt.Sprint(r.Do(t, "CLUSTER", "NODES")), id) &&
			r.Client().Do(t.Context(), "CLUSTER", "REPLICATE", id).Err() == nil
	})
	eventually(t, "the replica follows", func() bool {
		return strings.Contains(fmt.Sprint(r.Do(t, "INFO", "replication")), "master_link_status:up")
	})
	for _, m := range c.Masters {
		eventually(t, "the cluster knows the replica", func() bool {
			return strings.Contains(fmt.Sprint(m.Do(t, "CLUSTER", "INFO")), "cluster_known_nodes:4")
		})
	}
	return &backend{Server: owner, url: c.URL(), replica: r}
}
