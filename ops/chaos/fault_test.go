package chaos

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

// noticeTimeout is the time in which a node must notice that Redis is lost.
const noticeTimeout = 3 * time.Second

// fault is one row of the table: what is broken, and what must be noticed and reported.
type fault struct {
	name    string
	redis   func(*testing.T) *backend
	load    load // the zero value: usual
	env     map[string]string
	hits    []int    // nodes that must notice while the others must not; nil: all
	silent  bool     // it may be over before a client needs to be notified
	causes  []string // parts of causes; clients must receive a cause with one of them
	strikes int      // number of strikes; 0: 1
	forgets bool     // Redis loses entries: readers must receive a resync or new positions
	run     func(w *world)
}

// usual is the traffic of a row: 120 messages per second.
var usual = load{writers: 3, interval: 25 * time.Millisecond}

func faults() []fault {
	return slices.Concat(redisFaults, networkFaults, connectionFaults, failoverFaults, nodeFaults, diskFaults)
}

// TestFaults breaks one thing per row under load. No acknowledged message may be lost (INV-1) or shown twice (INV-3),
// all readers must see one order (INV-2), and a node that is cut off must report it within 3 s (INV-5).
func TestFaults(t *testing.T) {
	rows := &table{}
	t.Cleanup(func() { rows.print(t) })
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			rows.add(f.play(t))
		})
	}
}

// play runs one row.
func (f *fault) play(t *testing.T) *row {
	l := f.load
	if l == (load{}) {
		l = usual
	}
	w := newWorld(t, f.redis(t), l, f.env)
	w.strike()
	f.run(w)
	r := &row{name: f.name}
	if !f.silent {
		r.notice, r.noticeHealth = f.noticed(w)
	}
	r.heal = f.healed(w)
	w.flows(20)
	r.verdict = w.judge(f.forgets)
	f.reported(w, r)
	return r
}

// struckNodes returns the indices of the nodes that must notice.
func (f *fault) struckNodes(w *world) []int {
	if f.hits != nil {
		return f.hits
	}
	all := make([]int, len(w.Nodes))
	for i := range all {
		all[i] = i
	}
	return all
}

// noticed returns the longest time after which a node notified its clients, and after which /health reported it.
func (f *fault) noticed(w *world) (byClient, byHealth time.Duration) {
	w.Helper()
	longest := map[string]time.Duration{}
	for _, i := range f.struckNodes(w) {
		n := w.Nodes[i]
		for _, by := range []string{"client", "/health"} {
			said, ok := w.watch.first(n.ID, by, "degraded", w.struck)
			if took := said.at.Sub(w.struck); !ok || took > noticeTimeout {
				w.Errorf("%s did not report to %s within %v that it is degraded (%t, %v)", n.ID, by, noticeTimeout, ok, took)
			} else {
				longest[by] = max(longest[by], took)
			}
		}
	}
	for i, n := range w.Nodes {
		if _, said := w.watch.first(n.ID, "client", "degraded", w.struck); said && f.hits != nil && !slices.Contains(f.hits, i) {
			w.Errorf("%s reports that it is degraded, but is not", n.ID)
		}
	}
	return longest["client"], longest["/health"]
}

// healed waits until all nodes report that they are healthy, and returns the time of the last one since the cure.
func (f *fault) healed(w *world) time.Duration {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), waitTimeout)
	defer cancel()
	last := w.cured
	for _, n := range w.Nodes {
		for _, by := range []string{"client", "/health"} {
			if w.watch.until(ctx, func() bool { return w.watch.latest(n.ID, by).mode == "ok" }) != nil {
				w.Errorf("%s still reports to %s, %v after the cure: %q", n.ID, by, waitTimeout, w.watch.latest(n.ID, by).mode)
			}
		}
		if at := w.watch.latest(n.ID, "client").at; at.After(last) {
			last = at
		}
	}
	return last.Sub(w.cured)
}

// reported checks the states that clients received, and records them.
func (f *fault) reported(w *world, r *row) {
	w.Helper()
	r.causes = w.watch.causes(w.struck)
	all := strings.Join(r.causes, "\n")
	if len(f.causes) > 0 && !slices.ContainsFunc(f.causes, func(part string) bool { return strings.Contains(all, part) }) {
		w.Errorf("clients received %q, want one of %q", r.causes, f.causes)
	}
	for _, reader := range w.readers[:len(w.Nodes)] {
		_, resyncs, commits := reader.View.Repairs()
		r.resyncs += resyncs
		r.committed += commits
	}
	for _, writer := range w.writers {
		for code, n := range writer.Answers() {
			r.answer(code, n)
		}
	}
	if f.forgets && r.resyncs+r.committed == 0 {
		w.Error("the log has lost entries, but no reader was notified")
	}
	for _, n := range w.Nodes {
		if words := w.watch.told(n.ID); len(words) > maxWords*max(1, f.strikes) {
			w.Errorf("%s sent its state to its clients %d times: %v", n.ID, len(words), words)
		}
	}
}

// maxWords limits how often a node sends its state per strike: at the start, for another cause, at the end, and to
// clients that reconnect.
const maxWords = 6
