package e2e

import (
	"net/http"
	"time"

	"chatnode/ops/e2e/client"
)

var shutdownScenarios = []scenario{
	{"a shutdown is announced, closes with 1001 and exits 0", nil, announced},
	{"a draining node is not ready and still serves", withTokens("DRAIN_DELAY", "2s"), draining},
	{"a second signal exits at once", env{"DRAIN_DELAY": "20s", "SHUTDOWN_TIMEOUT": "25s"}, impatient},
	{"writers and readers live through restarts with nothing lost or doubled", withTokens("HISTORY_SIZE", "200000"), restarts},
}

// exitTimeout is the default of SHUTDOWN_TIMEOUT and some time for the process to end.
const exitTimeout = 27 * time.Second

func announced(w *world) {
	node := w.Nodes[0]
	var sessions []*client.Session
	for range 5 {
		sessions = append(sessions, w.enter(w.dial(0)))
	}
	kept := w.say(sessions[0], "kept")
	node.Terminate(w)
	for _, s := range sessions {
		f := w.await(s, ofType("shutdown"))
		if f.Reason == "" || f.ReconnectAfterMs < 0 || f.DeadlineMs <= 0 {
			w.Errorf("shutdown: %s", f.Raw)
		}
		w.wantClose(s, 1001)
	}
	if code := node.Exit(w, exitTimeout); code != 0 {
		w.Errorf("exit code %d, want 0", code)
	}
	node.Restart(w)
	if got := w.history(w.enter(w.dial(0)), global); len(got) != 1 || got[0].ID != kept.MessageID {
		w.Errorf("history after the restart: %+v", got)
	}
}

func draining(w *world) {
	node := w.Nodes[0]
	old := w.enter(w.as(0, "alice", "member"))
	node.Terminate(w)
	node.Until(w, "unready", func() bool { return node.Status("/readyz") == http.StatusServiceUnavailable })
	if got := node.Status("/health"); got != http.StatusServiceUnavailable {
		w.Errorf("/health is %d while shutting down, want 503", got)
	}
	if got := node.Status("/livez"); got != http.StatusOK {
		w.Errorf("/livez is %d while shutting down, want 200", got)
	}
	late := w.enter(w.as(0, "bob", "member"))
	w.await(old, showing(w.say(late, "in the drain").MessageID))
	w.wantClose(old, 1001)
	w.wantClose(late, 1001)
	if code := node.Exit(w, exitTimeout); code != 0 {
		w.Errorf("exit code %d, want 0", code)
	}
}

func impatient(w *world) {
	node := w.Nodes[0]
	s := w.enter(w.dial(0))
	node.Terminate(w)
	node.Until(w, "unready", func() bool { return node.Status("/readyz") == http.StatusServiceUnavailable })
	w.alive(s)
	node.Terminate(w)
	node.Exit(w, 3*time.Second)
}

func restarts(w *world) {
	writers, readers := w.traffic(2, 2)
	for i := range 5 {
		w.progress(writers, 5)
		node := w.Nodes[i%len(w.Nodes)]
		node.Terminate(w)
		if code := node.Exit(w, exitTimeout); code != 0 {
			w.Errorf("exit code %d, want 0", code)
		}
		node.Restart(w)
	}
	w.progress(writers, 5)
	w.audit(writers, readers)
}
