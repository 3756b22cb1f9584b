package node

import (
	"math"
	"time"

	"chatnode/actors/chat"
)

// metricsReport is the response of /metrics, with exactly the fields of the operations guide.
type metricsReport struct {
	Timestamp       string        `json:"timestamp"`
	InstanceID      string        `json:"instanceId"`
	DistributedMode bool          `json:"distributedMode"`
	Pubsub          pubsubReport  `json:"pubsub"`
	Chat            chatReport    `json:"chat"`
	Cluster         clusterReport `json:"cluster"`
}

type pubsubReport struct {
	MessagesPublished uint64  `json:"messagesPublished"`
	MessagesReceived  uint64  `json:"messagesReceived"`
	PublishFailures   uint64  `json:"publishFailures"`
	AverageLatencyMs  float64 `json:"averageLatencyMs"` // of the last 60 probes, or 64 appends without Redis
	MaxLatencyMs      float64 `json:"maxLatencyMs"`     // of the last 60 probes, or 64 appends without Redis
	IsDegraded        bool    `json:"isDegraded"`
	Uptime            int64   `json:"uptime"` // ms
}

type chatReport struct {
	ConnectedClients int `json:"connectedClients"` // on this node
}

type clusterReport struct {
	ActiveInstances int              `json:"activeInstances"`
	Instances       []instanceReport `json:"instances"`
}

// instanceReport is one node. Times are ms since the Unix epoch, by the clock of the cluster.
type instanceReport struct {
	InstanceID       string `json:"instanceId"`
	StartedAt        int64  `json:"startedAt"`
	LastHeartbeat    int64  `json:"lastHeartbeat"`
	ConnectedClients int    `json:"connectedClients"`
}

// report returns the current state of the node and its cluster.
func (m *metrics) report(now time.Time) metricsReport {
	n, bus := m.node, &m.node.core.Stats().Bus
	mean, maximum := n.cluster.Latency()
	return metricsReport{
		Timestamp: now.UTC().Format(timestampFormat), InstanceID: string(n.cfg.InstanceID), DistributedMode: n.cfg.EnableDistributedChat,
		Pubsub: pubsubReport{
			MessagesPublished: bus.Published.Load(), MessagesReceived: bus.Received.Load(), PublishFailures: bus.PublishFailures.Load(),
			AverageLatencyMs: roundedMs(mean), MaxLatencyMs: roundedMs(maximum),
			IsDegraded: n.cluster.Degraded(), Uptime: now.Sub(m.startedAt).Milliseconds(),
		},
		Chat:    chatReport{n.clients()},
		Cluster: newClusterReport(n.cluster.Cluster()),
	}
}

func newClusterReport(view chat.Cluster) clusterReport {
	report := clusterReport{ActiveInstances: len(view.Instances), Instances: make([]instanceReport, 0, len(view.Instances))}
	for _, i := range view.Instances {
		report.Instances = append(report.Instances, instanceReport{i.InstanceID, i.StartedAt, i.LastHeartbeat, i.ConnectedClients})
	}
	return report
}

// roundedMs returns a duration in ms, rounded to two decimal places.
func roundedMs(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Millisecond)*100) / 100
}
