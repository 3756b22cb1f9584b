package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/transport/redistest"
)

// Thirty readers and three writers on three nodes: all readers are shown one order without gaps, and Redis has the keys
// and connections that OPERATIONS.md describes.
func TestReadersShareOrder(t *testing.T) {
	w := newWorld(t, cluster.Options{Nodes: 3, Redis: true}, withTokens("HISTORY_SIZE", "200000"))
	const readers, writers, each = 30, 3, 100
	before := w.spent()
	var reading []*client.Reader
	for i := range readers {
		reading = append(reading, w.follow(fmt.Sprintf("reader-%02d", i), w.stay(i)))
	}
	var writing []*client.Writer
	for i := range writers {
		writing = append(writing, w.write(fmt.Sprintf("writer-%d", i), w.stay(i)))
	}
	w.progress(writing, each)
	w.redisShows(readers + writers)
	report := w.audit(writing, reading)
	w.cost(before, report.Acked)
	w.wantSame(reading, report.Acked)
}

// wantSame fails unless each reader has seen at least the acknowledged messages, at the same consecutive seqs from 1.
func (w *world) wantSame(readers []*client.Reader, acked int) {
	w.Helper()
	first := readers[0].View.IDs()
	for _, r := range readers {
		if ids := r.View.IDs(); len(ids) < acked || !slices.Equal(ids, first) {
			w.Errorf("a reader was shown %d messages in sequence, another one %d; %d were acknowledged", len(ids), len(first), acked)
		}
	}
}

// redisShows checks what an operator finds in Redis.
func (w *world) redisShows(users int) {
	w.Helper()
	clients := fmt.Sprint(w.Redis.Do(w.T, "CLIENT", "LIST"))
	if n := strings.Count(clients, "name=chatnode"); n != 3*len(w.Nodes) {
		w.Errorf("CLIENT LIST has %d connections of %d nodes, want three each:\n%s", n, len(w.Nodes), clients)
	}
	if got, want := fmt.Sprint(w.Redis.Do(w.T, "PUBSUB", "NUMSUB", "chat:pubsub:global:broadcast")), fmt.Sprintf("[chat:pubsub:global:broadcast %d]", len(w.Nodes)); got != want {
		w.Errorf("NUMSUB: %s, want %s", got, want)
	}
	for _, n := range w.Nodes {
		if ttl, _ := w.Redis.Do(w.T, "TTL", "chat:instances:"+n.ID).(int64); ttl < 1 || ttl > 30 {
			w.Errorf("TTL of %s: %d s", n.ID, ttl)
		}
	}
	w.Nodes[0].Until(w.T, "all users are counted", func() bool {
		n, _ := w.Redis.Do(w.T, "ZCARD", "chat:presence:global:members").(int64)
		return n == int64(users)
	})
}

// spent returns the number of calls of each command, also inside scripts, and the bytes that Redis received and sent.
func (w *world) spent() map[string]int {
	w.Helper()
	n := map[string]int{}
	for line := range strings.Lines(fmt.Sprint(w.Redis.Do(w.T, "INFO", "commandstats", "stats"))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value, _, _ = strings.Cut(strings.TrimPrefix(value, "calls="), ",")
		if v, err := strconv.Atoi(value); err == nil {
			n[name] = v
		}
	}
	return n
}

// cost reports the cost of a chat message for Redis and limits it: one XADD, and one PUBLISH for any number of nodes
// and readers.
func (w *world) cost(before map[string]int, messages int) {
	w.Helper()
	after, total := w.spent(), 0
	per := func(name string) float64 { return float64(after[name]-before[name]) / float64(messages) }
	var list []string
	for name, n := range after {
		command, is := strings.CutPrefix(name, "cmdstat_")
		if n -= before[name]; is && n > 0 && command != "info" && command != "config|resetstat" {
			total += n
			list = append(list, fmt.Sprintf("%s %d", command, n))
		}
	}
	slices.Sort(list)
	w.Logf("%d messages, %.1f commands each, %.0f B in and %.0f B out each, of all that %d nodes do: %s", messages, float64(total)/float64(messages),
		per("total_net_input_bytes"), per("total_net_output_bytes"), len(w.Nodes), strings.Join(list, ", "))
	if n := after["cmdstat_xadd"] - before["cmdstat_xadd"]; n < messages || n > messages+3 { // the last message of each writer may have no ack
		w.Errorf("%d XADD for %d messages", n, messages)
	}
	if got := float64(total) / float64(messages); got > 20 {
		w.Errorf("%.1f commands for each message", got)
	}
}

// The main path on a Redis Cluster and behind Sentinel.
func TestRedisTopologies(t *testing.T) {
	for name, start := range map[string]func(testing.TB) string{
		"cluster of three masters": func(t testing.TB) string { return redistest.StartCluster(t, 3).URL() },
		"sentinel":                 func(t testing.TB) string { return redistest.StartSentinel(t).URL() },
	} {
		for path, run := range map[string]func(*world){"one order": oneOrder, "retries": retried, "resuming": resumedJoin, "deleting": bulkDeleting} {
			t.Run(name+"/"+path, func(t *testing.T) {
				t.Parallel()
				run(newWorld(t, cluster.Options{Nodes: 3}, withTokens("GUEST_ACCESS", "write", "ENABLE_DISTRIBUTED_CHAT", "true", "REDIS_URL", start(t))))
			})
		}
	}
}
