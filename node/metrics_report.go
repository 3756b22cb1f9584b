package node

import (
	"math"
	"time"
)

// metricsReport is the guide's answer of /metrics, field for field.
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
	AverageLatencyMs  float64 `json:"averageLatencyMs"` // of the last minute or so, not since the start
	MaxLatencyMs      float64 `json:"maxLatencyMs"`     // likewise
	IsDegraded        bool    `json:"isDegraded"`
	Uptime            int64   `json:"uptime"` // ms
}

type chatReport struct {
	ConnectedClients int `json:"connectedClients"` // of this node
}

type clusterReport struct {
	ActiveInstances int              `json:"activeInstances"`
	Instances       []instanceReport `json:"instances"`
}

// instanceReport is one node. Times are unix ms of the cluster's clock.
type instanceReport struct {
	InstanceID       string `json:"instanceId"`
	StartedAt        int64  `json:"startedAt"`
	LastHeartbeat    int64  `json:"lastHeartbeat"`
	ConnectedClients int    `json:"connectedClients"`
}

// report is the state of the node and its cluster now.
func (m *metrics) report(now time.Time) metricsReport {
	n, bus := m.node, &m.node.core.Stats().Bus
	mean, longest := n.cluster.Latency()
	return metricsReport{
		Timestamp: now.UTC().Format(timestampFormat), InstanceID: string(n.cfg.InstanceID), DistributedMode: n.cfg.EnableDistributedChat,
		Pubsub: pubsubReport{
			MessagesPublished: bus.Published.Load(), MessagesReceived: bus.Received.Load(), PublishFailures: bus.PublishFailures.Load(),
			AverageLatencyMs: roundedMs(mean), MaxLatencyMs: roundedMs(longest),
			IsDegraded: n.cluster.Degraded(), Uptime: now.Sub(m.born).Milliseconds(),
		},
		Chat:    chatReport{n.clients()},
		Cluster: m.clusterReport(),
	}
}

func (m *metrics) clusterReport() clusterReport {
	view := m.node.cluster.Cluster()
	report := clusterReport{ActiveInstances: len(view.Instances), Instances: make([]instanceReport, 0, len(view.Instances))}
	for _, i := range view.Instances {
		report.Instances = append(report.Instances, instanceReport{i.InstanceID, i.StartedAt, i.LastHeartbeat, i.ConnectedClients})
	}
	return report
}

// roundedMs is a duration in ms with two digits.
func roundedMs(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Millisecond)*100) / 100
}
