package chaos

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/transport/redistest"
)

const (
	room        = "global"
	secret      = "a chaos secret of more than thirty-two characters"
	waitTimeout = 40 * time.Second // of waits that are usually short; the machine may be busy, and the node built with -race
)

// world is one running row: cluster, Redis, writers, readers and watch.
type world struct {
	*testing.T
	*cluster.Cluster
	redis   *backend
	writers []*client.Writer
	readers []*client.Reader // one for each node, then one that goes from node to node
	watch   *watch

	struck, cured time.Time
}

const (
	// hops is how long the last writer and the last reader stay on a node before they go to the next, also in the
	// middle of a message: what has no result on one node is sent again on another.
	hops        = 700 * time.Millisecond
	maxOpen     = 2000            // messages of a writer without a result, after which it makes no new ones
	dialTimeout = 3 * time.Second // for a node to let a client in
)

// load is the traffic of a world.
type load struct {
	writers  int
	interval time.Duration // between two messages of one writer
	padding  int           // bytes after the text of each
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
		o := client.WriterOptions{
			Name: fmt.Sprintf("w%d", i+1), Room: room, DialTimeout: dialTimeout, Interval: l.interval, MaxOpen: maxOpen, Padding: l.padding,
		}
		o.Dial = w.round(o.Name, i)
		if i == l.writers-1 {
			o.Hop = hops
		}
		writer := client.Write(o)
		t.Cleanup(writer.Stop)
		w.writers = append(w.writers, writer)
	}
	w.flows(20)
	return w
}

// read starts a reader on each node, and one that goes from node to node.
func (w *world) read() {
	for _, n := range w.Nodes {
		d := dial(n, "reader-of-"+n.ID)
		w.follow(client.ReaderOptions{Name: n.ID + "'s reader", Dial: func() client.Dial { return d }, Observe: w.watch.hears(n.ID)})
	}
	w.follow(client.ReaderOptions{Name: "the wanderer", Dial: w.round("wanderer", 0), Hop: hops})
	for _, r := range w.readers {
		eventually(w.T, "a reader is in", func() bool { _, in := r.View.LastPosition(); return in })
	}
}

func (w *world) follow(o client.ReaderOptions) {
	o.Room, o.DialTimeout = room, dialTimeout
	r := client.Follow(o)
	w.Cleanup(r.Stop)
	w.readers = append(w.readers, r)
}

func dial(n *cluster.Node, user string) client.Dial {
	token := client.Token(secret, client.Claim{Sub: user, Name: user, Role: "member", ExpiresIn: time.Hour})
	return client.Dial{Addr: n.Addr, Token: token}
}

// round returns the Dials of a user, node after node, from the i-th on.
func (w *world) round(user string, i int) func() client.Dial {
	return func() client.Dial {
		n := w.Nodes[i%len(w.Nodes)]
		i++
		return dial(n, user)
	}
}

// flows waits until more messages have been acknowledged.
func (w *world) flows(more int) {
	w.Helper()
	have := w.acked()
	eventually(w.T, fmt.Sprintf("%d more messages are acknowledged", more), func() bool { return w.acked() >= have+more })
}

func (w *world) acked() (n int) {
	for _, writer := range w.writers {
		n += writer.Count()
	}
	return n
}

// lasts lets the fault last.
func (w *world) lasts(d time.Duration) { <-time.After(d) }

// strike and cure mark the start and end of the fault.
func (w *world) strike() { w.struck = time.Now() }
func (w *world) cure()   { w.cured = time.Now() }

// settle waits until the writers have all results and the readers all entries. It returns the history, which must be
// the same on each node. Each step has its own timeout, because some rows have many entries.
func (w *world) settle() (epoch string, history []client.Message) {
	w.Helper()
	end := w.finish()
	for i, n := range w.Nodes {
		h := w.history(n)
		if i > 0 && !slices.Equal(h, history) {
			w.Errorf("%s and %s have different histories: %d and %d messages", w.Nodes[0].ID, n.ID, len(history), len(h))
		}
		if i == 0 {
			history = h
		}
	}
	return end.Epoch, history
}

// finish waits until the writers have all results and the readers have seen them.
func (w *world) finish() (end client.Position) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), waitTimeout)
	defer cancel()
	for _, writer := range w.writers {
		if err := writer.Finish(ctx); err != nil {
			w.Error(err)
		}
	}
	end = w.mark(ctx)
	for _, r := range w.readers {
		if err := r.Reach(ctx, end); err != nil {
			w.Error(err)
		}
	}
	return end
}

// mark writes messages until one gets its seq at once, and returns its position. Then nothing is in flight to the log
// from the first node, which in some rows is the last to recover.
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
		<-time.After(30 * time.Millisecond)
	}
}

// epoch returns the epoch of the room on the first node.
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

func (w *world) history(n *cluster.Node) []client.Message {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), waitTimeout)
	defer cancel()
	s := w.open(ctx, n, "historian")
	h, err := s.History(ctx, room, 200)
	if err != nil {
		w.Fatalf("history of %s: %v", n.ID, err)
	}
	return h
}

// judge audits the row.
func (w *world) judge(forgets bool) *client.Report {
	w.Helper()
	t := client.Trial{Forgets: forgets, Apart: true}
	t.Epoch, t.History = w.settle()
	for _, writer := range w.writers {
		t.Acked = append(t.Acked, writer.Acked()...)
	}
	for _, r := range w.readers {
		r.Stop()
		t.Views = append(t.Views, r.View)
	}
	report := client.Audit(t)
	if err := report.Err(); err != nil {
		w.Error(err)
		for _, r := range w.readers {
			w.Log(r.View.Log())
		}
	}
	return report
}

// eventually polls until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	redistest.Wait(t, waitTimeout, what, ok)
}
