package chaos

import (
	"fmt"
	"strings"
)

// Another Redis takes over, without the last acknowledged entries.
var failoverFaults = []fault{
	{name: "Sentinel failover to a replica that lags", redis: watched, forgets: true, causes: []string{unreachable, silent, "read-only", "lost its master"}, run: func(w *world) {
		before := w.redis.seq(w)
		w.redis.replica.Pause(w.T)
		w.redis.Do(w.T, "CLIENT", "KILL", "TYPE", "replica") // otherwise it would find the rest in its socket
		w.flows(60)
		if info := fmt.Sprint(w.redis.Do(w.T, "INFO", "replication")); !strings.Contains(info, "connected_slaves:0") {
			w.Errorf("the replica has not been left behind: %s", info)
		}
		w.Logf("the replica lacks at least %d entries", w.redis.seq(w)-before-1)
		w.strike()
		w.redis.Kill()
		w.redis.replica.Resume(w.T)
		w.redis.sentinel.AwaitMaster(w.T, w.redis.replica)
		w.cure()
	}},
	{name: "Cluster failover", redis: sharded, forgets: true, causes: []string{unreachable, silent, "Cluster"}, run: func(w *world) {
		w.redis.Kill()
		eventually(w.T, "the replica has taken over", func() bool {
			return strings.Contains(fmt.Sprint(w.redis.replica.Do(w.T, "INFO", "replication")), "role:master") &&
				strings.Contains(fmt.Sprint(w.redis.replica.Do(w.T, "CLUSTER", "INFO")), "cluster_state:ok")
		})
		w.cure()
	}},
}

// seq returns the position of the room in this Redis.
func (b *backend) seq(w *world) (n int) {
	w.Helper()
	if _, err := fmt.Sscan(fmt.Sprint(b.Do(w.T, "HGET", "chat:meta:"+room, "seq")), &n); err != nil {
		w.Fatalf("read the room's position: %v", err)
	}
	return n
}
