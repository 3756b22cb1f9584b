package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/transport/redistest"
)

const (
	room     = "global"
	secret   = "a chaos secret of more than thirty-two characters"
	patience = 40 * time.Second // for whatever should take a moment, on a busy machine in a race build
)

// A world is one row at work: a cluster, its Redis, writers, readers, and the watch.
type world struct {
	*testing.T
	*cluster.Cluster
	redis   *backend
	writers []*writer
	readers []*reader
	watch   *watch

	struck, cured time.Time
}

// hops is how long the last writer and the last reader stay on a node before they leave it, at any
// moment, for the next: what was written on one node and not answered is sent again on another.
const hops = 700 * time.Millisecond

// load says how much traffic a world has.
type load struct {
	writers int
	gap     time.Duration // between two messages of one writer
	padding int           // bytes after the text of each
}

func newWorld(t *testing.T, b *backend, l load, env map[string]string) *world {
	settings := map[string]string{
		"ENABLE_DISTRIBUTED_CHAT": "true", "REDIS_URL": b.url, "AUTH_JWT_SECRET": secret, "RATE_LIMIT": "off",
		"HISTORY_SIZE": "1000000", "LOG_LEVEL": "info",
	}
	for k, v := range env {
		settings[k] = v
	}
	w := &world{T: t, redis: b}
	w.Cluster = cluster.Start(t, cluster.Options{Binary: binary, Nodes: 3, Env: settings})
	w.watch = startWatch(w.Nodes)
	t.Cleanup(w.watch.stop)
	w.read()
	for i := range l.writers {
		name := fmt.Sprintf("w%d", i+1)
		hop := time.Duration(0)
		if i == l.writers-1 {
			hop = hops
		}
		writer := startWriter(name, room, w.dials(name), i, l, hop)
		t.Cleanup(writer.stop)
		w.writers = append(w.writers, writer)
	}
	w.flows(20)
	return w
}

// read starts a reader on each node, and one that goes from node to node.
func (w *world) read() {
	for _, n := range w.Nodes {
		d := dial(n, "reader-of-"+n.ID)
		w.readers = append(w.readers, startReader(n.ID+"'s reader", room, []client.Dial{d}, 0, w.watch.hears(n.ID)))
	}
	w.readers = append(w.readers, startReader("the wanderer", room, w.dials("wanderer"), hops, nil))
	for _, r := range w.readers {
		w.Cleanup(r.stop)
		eventually(w.T, r.witness.name+" is in", func() bool { _, in := r.witness.position(); return in })
	}
}

func dial(n *cluster.Node, user string) client.Dial {
	token := client.Token(secret, client.Claim{Sub: user, Name: user, Role: "member", ExpiresIn: time.Hour})
	return client.Dial{Addr: n.Addr, Token: token}
}

// dials are ways to connect a user to each node.
func (w *world) dials(user string) (list []client.Dial) {
	for _, n := range w.Nodes {
		list = append(list, dial(n, user))
	}
	return list
}

// flows waits until more messages have been acknowledged.
func (w *world) flows(more int64) {
	w.Helper()
	have := w.acked()
	eventually(w.T, fmt.Sprintf("%d more messages are acknowledged", more), func() bool { return w.acked() >= have+more })
}

func (w *world) acked() (n int64) {
	for _, writer := range w.writers {
		n += writer.count.Load()
	}
	return n
}

// lasts lets the fault go on.
func (w *world) lasts(d time.Duration) { <-time.After(d) }

// strike and cure mark the beginning and the end of the fault, for the report.
func (w *world) strike() { w.struck = time.Now() }
func (w *world) cure()   { w.cured = time.Now() }

// settle lets the writers finish, waits until every reader has seen everything, and returns the
// history, which every node must tell alike. Each step has patience of its own: some rows have very much to tell.
func (w *world) settle() (epoch string, history []client.Message) {
	w.Helper()
	end := w.finish()
	for i, n := range w.Nodes {
		h := w.history(n)
		if i > 0 && !slices.Equal(h, history) {
			w.Errorf("%s and %s tell different histories: %d and %d messages", w.Nodes[0].ID, n.ID, len(history), len(h))
		}
		if i == 0 {
			history = h
		}
	}
	return end.Epoch, history
}

// finish lets the writers finish, and waits until every reader has seen what they wrote.
func (w *world) finish() (end client.Position) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for _, writer := range w.writers {
		if n := writer.finish(ctx); n > 0 {
			w.Errorf("%s has %d messages that nobody has answered", writer.name, n)
		}
		for _, r := range writer.refused {
			w.Errorf("%s was refused for good: %s", writer.name, r)
		}
	}
	end = w.mark(ctx)
	for _, r := range w.readers {
		w.reach(ctx, r, end)
	}
	return end
}

// mark writes last messages until one gets its place at once, and returns that: by then nothing is on
// its way to the log any more by the first node, which in some rows was the last to come back.
func (w *world) mark(ctx context.Context) client.Position {
	w.Helper()
	s := w.open(ctx, w.Nodes[0], "marker")
	for n := 0; ; n++ {
		id := fmt.Sprintf("the-end-%d", n)
		if err := s.Send(client.Command{Type: "send_message", ID: id, Room: room, Message: id}); err != nil {
			w.Fatal(err)
		}
		f, err := s.Await(ctx, func(f client.Frame) bool { return f.ID == id })
		switch {
		case err != nil || f.Type != "ack":
			w.Fatalf("after everything a message was answered by %s, %v", f.Raw, err)
		case f.Stored == "redis":
			return client.Position{Epoch: w.epoch(ctx), Seq: f.Seq}
		}
		rest(ctx)
	}
}

// epoch is the room's, as the first node has it.
func (w *world) epoch(ctx context.Context) string {
	w.Helper()
	f, err := w.open(ctx, w.Nodes[0], "marker").Await(ctx, func(f client.Frame) bool { return f.Type == "joined" })
	if err != nil {
		w.Fatal(err)
	}
	return f.Epoch
}

func (w *world) open(ctx context.Context, n *cluster.Node, user string) *client.Session {
	w.Helper()
	s, err := client.Open(ctx, dial(n, user), nil)
	if err != nil {
		w.Fatalf("connect to %s: %v", n.ID, err)
	}
	w.Cleanup(s.Close)
	return s
}

func (w *world) reach(ctx context.Context, r *reader, end client.Position) {
	w.Helper()
	for {
		ok, moved := r.witness.reached(end)
		if ok {
			return
		}
		select {
		case <-moved:
		case <-ctx.Done():
			at, in := r.witness.position()
			w.Errorf("%s has not got to %s/%d; it is at %s/%d (%t)", r.witness.name, end.Epoch, end.Seq, at.Epoch, at.Seq, in)
			return
		}
	}
}

func (w *world) history(n *cluster.Node) []client.Message {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	s := w.open(ctx, n, "historian")
	h, err := s.History(ctx, room, 200)
	if err != nil {
		w.Fatalf("history of %s: %v", n.ID, err)
	}
	return h
}

// judge audits everything, and returns the verdict.
func (w *world) judge(forgets bool) *verdict {
	w.Helper()
	t := trial{forgets: forgets}
	t.epoch, t.history = w.settle()
	for _, writer := range w.writers {
		t.acked = append(t.acked, writer.acked...)
	}
	for _, r := range w.readers {
		r.stop()
		t.readers = append(t.readers, r.witness)
	}
	v := audit(t)
	if err := v.err(); err != nil {
		w.Error(err)
		for _, r := range w.readers {
			w.Logf("%s, at %d from %d:\n\t%s", r.witness.name, r.witness.at.Seq, r.witness.from, strings.Join(r.witness.turns, "\n\t"))
		}
	}
	return v
}

// eventually polls until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	redistest.Wait(t, patience, what, ok)
}
