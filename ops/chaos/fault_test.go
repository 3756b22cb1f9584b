package chaos

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

// noticeWithin is how long a node may believe in a Redis that is lost to it.
const noticeWithin = 3 * time.Second

// A fault is one row of the table: what is broken, and what must be noticed and told.
type fault struct {
	name    string
	redis   func(*testing.T) *backend
	load    load // the zero value: usual
	env     map[string]string
	hits    []int    // nodes that must notice, while the others must not; nil: all
	silent  bool     // it may be repaired before anybody needs to be told
	causes  []string // parts of a sentence, one of which clients must be told
	strikes int      // how often it strikes, where that is more than once
	forgets bool     // Redis loses entries: readers must be told to load the room anew, or where they stand now
	run     func(w *world)
}

// usual is the traffic of a row: 120 messages a second.
var usual = load{writers: 3, gap: 25 * time.Millisecond}

func faults() []fault {
	return slices.Concat(redisFaults, networkFaults, connectionFaults, failoverFaults, nodeFaults, diskFaults)
}

// TestFaults breaks one thing after the other under load. Nothing acknowledged may be lost (INV-1), nothing
// shown twice (INV-3), every reader must see one order (INV-2), and whoever is cut off must say so within
// 3 s (INV-5).
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
	f.told(w, r)
	return r
}

// struckNodes are the indices of the nodes that must notice.
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

// noticed is the longest that a node has taken to tell its clients, and to tell /health.
func (f *fault) noticed(w *world) (byClient, byHealth time.Duration) {
	w.Helper()
	longest := map[string]time.Duration{}
	for _, i := range f.struckNodes(w) {
		n := w.Nodes[i]
		for _, by := range []string{"client", "/health"} {
			said, ok := w.watch.first(n.ID, by, "degraded", w.struck)
			if took := said.at.Sub(w.struck); !ok || took > noticeWithin {
				w.Errorf("%s has not told %s within %v that it is degraded (%t, %v)", n.ID, by, noticeWithin, ok, took)
			} else {
				longest[by] = max(longest[by], took)
			}
		}
	}
	for i, n := range w.Nodes {
		if _, said := w.watch.first(n.ID, "client", "degraded", w.struck); said && f.hits != nil && !slices.Contains(f.hits, i) {
			w.Errorf("%s says that it is degraded, and is not", n.ID)
		}
	}
	return longest["client"], longest["/health"]
}

// healed waits until all nodes say that all is well, and returns how long the last has taken since the cure.
func (f *fault) healed(w *world) time.Duration {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	last := w.cured
	for _, n := range w.Nodes {
		for _, by := range []string{"client", "/health"} {
			if w.watch.until(ctx, func() bool { return w.watch.latest(n.ID, by).mode == "ok" }) != nil {
				w.Errorf("%s still tells %s %v after the cure: %q", n.ID, by, patience, w.watch.latest(n.ID, by).mode)
			}
		}
		if at := w.watch.latest(n.ID, "client").at; at.After(last) {
			last = at
		}
	}
	return last.Sub(w.cured)
}

// told checks what the clients have heard, and notes it.
func (f *fault) told(w *world, r *row) {
	w.Helper()
	r.causes = w.watch.causes(w.struck)
	all := strings.Join(r.causes, "\n")
	if len(f.causes) > 0 && !slices.ContainsFunc(f.causes, func(part string) bool { return strings.Contains(all, part) }) {
		w.Errorf("clients were told %q, want one of %q", r.causes, f.causes)
	}
	for _, reader := range w.readers[:len(w.Nodes)] {
		_, resyncs, commits := reader.View.Counts()
		r.resyncs += resyncs
		r.committed += commits
	}
	for _, writer := range w.writers {
		for code, n := range writer.Answers() {
			r.answer(code, n)
		}
	}
	if f.forgets && r.resyncs+r.committed == 0 {
		w.Error("the log has lost entries, and no reader was told")
	}
	for _, n := range w.Nodes {
		if words := w.watch.told(n.ID); len(words) > mostWords*max(1, f.strikes) {
			w.Errorf("%s has told its clients its state %d times: %v", n.ID, len(words), words)
		}
	}
}

// mostWords is how often a node may tell its clients its state for one strike: at the beginning, at
// another cause, at the end, and again to those who reconnect.
const mostWords = 6
