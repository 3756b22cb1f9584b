package chaos

import (
	"context"
	"strings"
	"time"
)

const unreachable, silent, deaf = "cannot be reached", "does not answer in time", "the probe of this node was not received"

// Redis itself: killed, stopped, full, demoted, loading, closed to the node, emptied.
var redisFaults = []fault{
	{name: "Redis killed, restarted with its data", redis: kept, causes: []string{unreachable}, run: func(w *world) {
		w.redis.Kill()
		w.lasts(3500 * time.Millisecond)
		w.redis.Restart(w.T)
		w.cure()
	}},
	{name: "Redis stopped (SIGSTOP), continued", redis: kept, causes: []string{silent, deaf}, run: func(w *world) {
		w.redis.Pause(w.T)
		w.lasts(4500 * time.Millisecond)
		w.redis.Resume(w.T)
		w.cure()
	}},
	{name: "out of memory (noeviction)", redis: kept, causes: []string{"out of memory"}, run: func(w *world) {
		w.redis.Do(w.T, "CONFIG", "SET", "maxmemory-policy", "noeviction")
		w.strike()
		w.redis.Do(w.T, "CONFIG", "SET", "maxmemory", "1mb")
		w.lasts(3500 * time.Millisecond)
		w.redis.Do(w.T, "CONFIG", "SET", "maxmemory", "0")
		w.cure()
	}},
	{name: "read-only (made a replica)", redis: kept, causes: []string{"read-only"}, run: func(w *world) {
		w.redis.Do(w.T, "REPLICAOF", "127.0.0.1", "1")
		w.lasts(3500 * time.Millisecond)
		w.redis.Do(w.T, "REPLICAOF", "NO", "ONE")
		w.cure()
	}},
	{name: "loading its data set", redis: slowLoader, causes: []string{"is loading"}, run: func(w *world) {
		w.redis.Kill()
		w.redis.Launch(w.T)
		w.hear("is loading")
		w.lasts(time.Second)
		w.redis.load(w)
		w.cure()
	}},
	{name: "credentials revoked (ACL off)", redis: withUser, causes: []string{"refuses the user"}, run: func(w *world) {
		w.redis.Do(w.T, "ACL", "SETUSER", "chat", "off")
		w.redis.Do(w.T, "CLIENT", "KILL", "USER", "chat")
		w.lasts(3500 * time.Millisecond)
		w.redis.Do(w.T, "ACL", "SETUSER", "chat", "on")
		w.cure()
	}},
	{name: "FLUSHALL", redis: kept, silent: true, forgets: true, run: func(w *world) {
		w.redis.Do(w.T, "FLUSHALL")
		w.cure()
		w.flows(60)
	}},
	{name: "a key of another type in the place of the room's log", redis: kept, forgets: true, causes: []string{"read-only"}, run: func(w *world) {
		w.redis.Do(w.T, "REPLICAOF", "127.0.0.1", "1") // so that the journals are used
		w.lasts(3500 * time.Millisecond)
		w.redis.Do(w.T, "REPLICAOF", "NO", "ONE")
		w.redis.Do(w.T, "SET", "chat:log:"+room, "somebody's")
		w.cure()
	}},
	{name: "Redis killed, restarted empty", redis: forgetful, forgets: true, causes: []string{unreachable}, run: func(w *world) {
		w.redis.Kill()
		w.lasts(3500 * time.Millisecond)
		w.redis.Restart(w.T)
		w.cure()
	}},
}

// hear waits until each node has sent its clients a cause with this part.
func (w *world) hear(part string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), waitTimeout)
	defer cancel()
	for _, n := range w.Nodes {
		if w.watch.until(ctx, func() bool { return strings.Contains(w.watch.latest(n.ID, "client").cause, part) }) != nil {
			w.Errorf("%s sends its clients %q, not %q", n.ID, w.watch.latest(n.ID, "client").cause, part)
		}
	}
}
