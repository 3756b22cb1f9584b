package node

import (
	"net/http"
	"time"
)

// healthReport is the response of /health in the operations guide.
type healthReport struct {
	Status     string            `json:"status"` // ok, degraded, starting, shutting_down
	Timestamp  string            `json:"timestamp"`
	InstanceID string            `json:"instanceId"`
	Services   map[string]string `json:"services"`
}

// timestampFormat is ISO 8601 in UTC with milliseconds, as in the operations guide.
const timestampFormat = "2006-01-02T15:04:05.000Z"

// health answers 200 while the node serves, even if it is degraded, because an outage of the shared Redis must not
// remove all nodes from the load balancer. It answers 503 before the node has started and during its shutdown.
func (n *Node) health(w http.ResponseWriter, _ *http.Request) {
	report := healthReport{
		Status: "ok", Timestamp: time.Now().UTC().Format(timestampFormat), InstanceID: string(n.cfg.InstanceID),
		Services: n.services(),
	}
	status := http.StatusOK
	switch n.phase.Load() {
	case phaseServing:
		if n.core.Status().Degraded {
			report.Status = "degraded"
		}
	case phaseStarting:
		report.Status, status = "starting", http.StatusServiceUnavailable
	default:
		report.Status, status = "shutting_down", http.StatusServiceUnavailable
	}
	writeJSON(w, status, report)
}

// services returns the state of the WebSocket server and the storage. A degraded storage has the cause that clients
// receive in the frame "status".
func (n *Node) services() map[string]string {
	s := map[string]string{"websocket": "ok"}
	name := "storage"
	if n.cfg.EnableDistributedChat {
		name = "redis"
	}
	s[name] = "ok"
	if status := n.core.Status(); status.Degraded {
		s[name] = "degraded: " + status.Cause
	}
	return s
}

// livez always answers 200.
func (n *Node) livez(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// readyz answers 200 while a load balancer may send clients to this node, and otherwise 503.
func (n *Node) readyz(w http.ResponseWriter, _ *http.Request) {
	if n.phase.Load() != phaseServing || n.core.Connecting() {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}
