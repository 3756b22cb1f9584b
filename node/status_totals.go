package node

import (
	"time"

	linkpkg "chatnode/actors/link"
	"chatnode/actors/publisher"
	"chatnode/actors/store"
)

// statusTotals are the figures of the whole node.
type statusTotals struct {
	Clients       int     `json:"clients"` // now
	Rooms         int64   `json:"rooms"`   // in memory now
	Received      uint64  `json:"received"`
	Acked         uint64  `json:"acked"`
	Shown         uint64  `json:"shown"`
	Errors        uint64  `json:"errors"`
	Throttled     uint64  `json:"throttled"`
	Gaps          uint64  `json:"gaps"`
	Resyncs       uint64  `json:"resyncs"`
	SlowConsumers uint64  `json:"slowConsumers"`
	SentBytes     uint64  `json:"sentBytes"`
	LatencyMs     float64 `json:"latencyMs"` // mean of publishing, lately
}

// statusJournal is what waits on this node's disk for Redis.
type statusJournal struct {
	Used     bool   `json:"used"` // false: without Redis there is none
	Writes   int64  `json:"writes"`
	Bytes    int64  `json:"bytes"`
	Limit    int64  `json:"limitBytes"`
	Kept     uint64 `json:"kept"`
	Replayed uint64 `json:"replayed"`
	Failed   uint64 `json:"failed"`
}

// A statusLink is one of the node's connections to its storage.
type statusLink struct {
	Name        string  `json:"name"`        // publish, subscribe, data
	Actor       string  `json:"actor"`       // the kind of the one who owns it
	ProvenMsAgo int64   `json:"provenMsAgo"` // since it last was seen to work; -1: not yet
	MeanMs      float64 `json:"meanMs"`      // of a round trip, lately; 0 where none is timed
	LongestMs   float64 `json:"longestMs"`
	Done        uint64  `json:"done"` // writes appended, events heard, calls carried out
	Failed      uint64  `json:"failed"`
}

func (n *Node) statusTotals() statusTotals {
	stats := n.core.Stats()
	chat := &stats.Chat
	mean, _ := n.cluster.Latency()
	return statusTotals{
		Clients: n.clients(), Rooms: chat.Rooms.Load(), Received: chat.Received.Load(), Acked: chat.Acked.Load(), Shown: chat.Delivered.Load(),
		Errors: chat.Errors.Load(), Throttled: chat.Throttled.Load(), Gaps: chat.Gaps.Load(), Resyncs: chat.Resyncs.Load(),
		SlowConsumers: stats.Writes.SlowConsumers.Load(), SentBytes: stats.Writes.Bytes.Load(), LatencyMs: roundedMs(mean),
	}
}

func (n *Node) statusJournal() statusJournal {
	j := &n.core.Stats().Journal
	return statusJournal{
		Used: n.cfg.EnableDistributedChat, Writes: j.Writes.Load(), Bytes: j.Bytes.Load(), Limit: int64(n.cfg.JournalMaxBytes),
		Kept: j.Appended.Load(), Replayed: j.Replayed.Load(), Failed: j.Failed.Load(),
	}
}

// statusLinks are the connections to Redis and when each was seen to work; a node alone has none.
func (n *Node) statusLinks(now time.Time) []statusLink {
	if !n.cfg.EnableDistributedChat {
		return []statusLink{}
	}
	stats := n.core.Stats()
	bus, link := &stats.Bus, &stats.Link
	out := statusLink{Name: "publish", Actor: publisher.Kind.Name, ProvenMsAgo: msAgo(now, link.LastProbeAt()), Done: bus.Published.Load(), Failed: bus.PublishFailures.Load()}
	out.MeanMs, out.LongestMs = inHundredths(bus.RecentAppends.Recent())
	in := statusLink{Name: "subscribe", Actor: linkpkg.DispatcherKind.Name, ProvenMsAgo: out.ProvenMsAgo, Done: bus.Received.Load()}
	in.MeanMs, in.LongestMs = inHundredths(link.ProbeLatency())
	data := statusLink{Name: "data", Actor: store.Kind.Name, ProvenMsAgo: msAgo(now, n.cluster.Cluster().ReceivedAt)}
	return []statusLink{out, in, data}
}

// msAgo is how long ago something was; -1: never.
func msAgo(now, at time.Time) int64 {
	if at.IsZero() {
		return -1
	}
	return max(0, now.Sub(at).Milliseconds())
}

func inHundredths(mean, longest time.Duration) (meanMs, longestMs float64) {
	return roundedMs(mean), roundedMs(longest)
}
