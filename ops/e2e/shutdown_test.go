package e2e

import (
	"fmt"
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

// exitWithin is SHUTDOWN_TIMEOUT's default and what a process takes to end.
const exitWithin = 27 * time.Second

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
	if code := node.Exit(w, exitWithin); code != 0 {
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
	if code := node.Exit(w, exitWithin); code != 0 {
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
		if code := node.Exit(w, exitWithin); code != 0 {
			w.Errorf("exit code %d, want 0", code)
		}
		node.Restart(w)
	}
	w.progress(writers, 5)
	w.audit(writers, readers)
}

// traffic starts writers and readers of the global room, spread over the nodes. Each goes to the
// next node whenever it has to connect again. They end with the test.
func (w *world) traffic(writers, readers int) ([]*client.Writer, map[string]*client.Reader) {
	var all []*client.Writer
	for i := range writers {
		name := fmt.Sprintf("writer-%d", i)
		writer := client.Write(name, global, w.round(i, name))
		w.Cleanup(writer.Stop)
		all = append(all, writer)
	}
	following := map[string]*client.Reader{}
	for i := range readers {
		name := fmt.Sprintf("reader-%d", i)
		following[name] = client.Follow(global, w.round(i, name))
		w.Cleanup(following[name].Stop)
	}
	return all, following
}

func (w *world) round(i int, user string) func() client.Dial {
	return func() client.Dial {
		i++
		return w.as(i, user, "member")
	}
}

// progress waits until every writer has n more messages acknowledged.
func (w *world) progress(writers []*client.Writer, n int) {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	for _, writer := range writers {
		if err := writer.Reach(ctx, len(writer.Acked())+n); err != nil {
			w.Fatal(err)
		}
	}
}
