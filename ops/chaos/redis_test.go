package chaos

import (
	"fmt"
	"strings"
	"testing"

	"chatnode/transport/redistest"
)

// backend is the Redis of one row, and what is in front of it.
type backend struct {
	*redistest.Server        // the only one, or the master of the log of the room
	url               string // REDIS_URL of the nodes
	proxy             *proxy // nil without a proxy
	sentinel          *redistest.Sentinel
	replica           *redistest.Server // the replica that takes over
}

// onDisk keeps acknowledged writes across a kill: they are written, but not synced, before the answer. With everysec,
// Redis delays writes while a sync is slow, but answers.
var onDisk = []string{"appendonly yes", "appendfsync no"}

// kept is a Redis that loses nothing in a kill.
func kept(t *testing.T) *backend {
	s := redistest.Start(t, redistest.Config{Lines: onDisk})
	return &backend{Server: s, url: s.URL()}
}

// forgetful is a Redis that is empty after a kill.
func forgetful(t *testing.T) *backend {
	s := redistest.Start(t, redistest.Config{})
	return &backend{Server: s, url: s.URL()}
}

// behindProxy is a Redis whose network can be broken.
func behindProxy(t *testing.T) *backend {
	b := kept(t)
	b.proxy = startProxy(t, b.Addr)
	b.url = "redis://" + b.proxy.Addr
	return b
}

// withUser is a Redis with the least-privileged user of the guide.
func withUser(t *testing.T) *backend {
	b := kept(t)
	b.Do(t, "ACL", "SETUSER", "chat", "on", ">secret", "resetkeys", "~chat:*", "resetchannels", "&chat:*", "+@all", "-@dangerous")
	b.url = "redis://chat:secret@" + b.Addr
	return b
}

// slowLoader is a Redis that loads its data for a minute after a start, or until load, and answers LOADING.
func slowLoader(t *testing.T) *backend {
	lines := append([]string{"key-load-delay 1000", "loading-process-events-interval-bytes 1024", "aof-use-rdb-preamble yes"}, onDisk...)
	s := redistest.Start(t, redistest.Config{Lines: lines})
	s.Do(t, "DEBUG", "POPULATE", 60_000, "ballast")
	s.Do(t, "BGREWRITEAOF") // populated keys are in no log otherwise
	eventually(t, "the ballast is on disk", func() bool {
		info := fmt.Sprint(s.Do(t, "INFO", "persistence"))
		return strings.Contains(info, "aof_rewrite_in_progress:0") && strings.Contains(info, "aof_rewrite_scheduled:0") && strings.Contains(info, "aof_last_bgrewrite_status:ok")
	})
	return &backend{Server: s, url: s.URL()}
}

// load makes a slowLoader load at full speed and waits until it serves.
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

// sharded is a Cluster of three masters. The master of the room's log has a replica.
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
