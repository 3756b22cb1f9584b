package node

import (
	"time"

	"chatnode/actors"
)

// statusTotals has the counters of the node.
type statusTotals struct {
	Clients       int     `json:"clients"` // current
	Rooms         int64   `json:"rooms"`   // in memory
	Received      uint64  `json:"received"`
	Acked         uint64  `json:"acked"`
	Shown         uint64  `json:"shown"`
	Errors        uint64  `json:"errors"`
	Throttled     uint64  `json:"throttled"`
	Gaps          uint64  `json:"gaps"`
	Resyncs       uint64  `json:"resyncs"`
	SlowConsumers uint64  `json:"slowConsumers"`
	SentBytes     uint64  `json:"sentBytes"`
	LatencyMs     float64 `json:"latencyMs"` // mean publish latency of the last 60 probes, or 64 appends without Redis
}

// statusJournal is the state of the journal.
type statusJournal struct {
	Used     bool   `json:"used"` // false: a standalone node has no journal
	Writes   int64  `json:"writes"`
	Bytes    int64  `json:"bytes"`
	Limit    int64  `json:"limitBytes"`
	Kept     uint64 `json:"kept"`
	Replayed uint64 `json:"replayed"`
	Failed   uint64 `json:"failed"`
}

// A statusLink is a connection of the node to Redis.
type statusLink struct {
	Name        string  `json:"name"`        // publish, subscribe, data
	Actor       string  `json:"actor"`       // kind of the actor that owns it
	ProvenMsAgo int64   `json:"provenMsAgo"` // since the last success; -1: none
	MeanMs      float64 `json:"meanMs"`      // recent round trip; 0: not measured
	LongestMs   float64 `json:"longestMs"`
	Done        uint64  `json:"done"` // writes published or events received
	Failed      uint64  `json:"failed"`
}

// totals returns the counters of the node.
func (n *Node) totals() statusTotals {
	stats := n.core.Stats()
	chat := &stats.Chat
	mean, _ := n.cluster.Latency()
	return statusTotals{
		Clients: n.clients(), Rooms: chat.Rooms.Load(), Received: chat.Received.Load(), Acked: chat.Acked.Load(), Shown: chat.Delivered.Load(),
		Errors: chat.Errors.Load(), Throttled: chat.Throttled.Load(), Gaps: chat.Gaps.Load(), Resyncs: chat.Resyncs.Load(),
		SlowConsumers: stats.Writes.SlowConsumers.Load(), SentBytes: stats.Writes.Bytes.Load(), LatencyMs: roundedMs(mean),
	}
}

// journalState returns the state of the journal.
func (n *Node) journalState() statusJournal {
	j := &n.core.Stats().Journal
	return statusJournal{
		Used: n.cfg.EnableDistributedChat, Writes: j.Writes.Load(), Bytes: j.Bytes.Load(), Limit: int64(n.cfg.JournalMaxBytes),
		Kept: j.Appended.Load(), Replayed: j.Replayed.Load(), Failed: j.Failed.Load(),
	}
}

// linkStates returns the state of each connection to Redis. A standalone node has none.
func (n *Node) linkStates(now time.Time) []statusLink {
	if !n.cfg.EnableDistributedChat {
		return []statusLink{}
	}
	stats := n.core.Stats()
	bus, link := &stats.Bus, &stats.Link
	out := statusLink{Name: "publish", Actor: actors.PublisherKind.Name, ProvenMsAgo: msAgo(now, link.LastProbeAt()), Done: bus.Published.Load(), Failed: bus.PublishFailures.Load()}
	out.MeanMs, out.LongestMs = roundedMsPair(bus.RecentAppends.Recent())
	in := statusLink{Name: "subscribe", Actor: actors.DispatcherKind.Name, ProvenMsAgo: out.ProvenMsAgo, Done: bus.Received.Load()}
	in.MeanMs, in.LongestMs = roundedMsPair(link.ProbeLatency())
	data := statusLink{Name: "data", Actor: actors.StoreKind.Name, ProvenMsAgo: msAgo(now, n.cluster.Cluster().ReceivedAt)}
	return []statusLink{out, in, data}
}

// msAgo returns the time from at to now in ms; -1 if at is zero.
func msAgo(now, at time.Time) int64 {
	if at.IsZero() {
		return -1
	}
	return max(0, now.Sub(at).Milliseconds())
}

func roundedMsPair(mean, maximum time.Duration) (meanMs, maximumMs float64) {
	return roundedMs(mean), roundedMs(maximum)
}
