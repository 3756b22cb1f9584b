package node

import (
	"net/http"
	"time"
)

// healthReport is the guide's answer of /health.
type healthReport struct {
	Status     string            `json:"status"` // ok, degraded, starting, shutting_down
	Timestamp  string            `json:"timestamp"`
	InstanceID string            `json:"instanceId"`
	Services   map[string]string `json:"services"`
}

// timestampFormat is ISO 8601 in UTC with milliseconds, as the guide's metrics have it.
const timestampFormat = "2006-01-02T15:04:05.000Z"

// health answers 200 while the node serves, degraded or not: a dependency that all share must not take
// every pod out of the load balancer. It is 503 before, and once the node goes down.
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

// services is the state of what the node works with. What is degraded is told with its cause, in the
// words that clients hear.
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

// livez answers as long as the process can.
func (n *Node) livez(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// readyz says whether the node may be sent traffic.
func (n *Node) readyz(w http.ResponseWriter, _ *http.Request) {
	if n.phase.Load() != phaseServing || n.core.Connecting() {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}
