package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

// word is one state that a node reported.
type word struct {
	node, by, mode, cause string // by: "client" or "/health"
	at                    time.Time
}

// watch records each state that a node reports, to its clients and in /health.
type watch struct {
	cancel context.CancelFunc
	ended  sync.WaitGroup

	mu    sync.Mutex
	words []word
	moved chan struct{} // closed and replaced at each word
}

func startWatch(nodes []*cluster.Node) *watch {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watch{cancel: cancel, moved: make(chan struct{})}
	for _, n := range nodes {
		w.ended.Go(func() { w.poll(ctx, n) })
	}
	return w
}

func (w *watch) stop() {
	w.cancel()
	w.ended.Wait()
}

// poll reads /health ten times per second and records changes.
func (w *watch) poll(ctx context.Context, n *cluster.Node) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if mode := health(ctx, n.Addr); mode != "" && mode != last {
			last = mode
			w.note(word{node: n.ID, by: "/health", mode: mode, at: time.Now()})
		}
	}
}

// health returns the status in /health, or "" without a response. The status code must be 200.
func health(ctx context.Context, addr string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/health", nil)
	if err != nil {
		return ""
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var body struct{ Status string }
	if json.NewDecoder(res.Body).Decode(&body) != nil {
		return "unreadable"
	}
	if res.StatusCode != http.StatusOK && body.Status != "starting" {
		return fmt.Sprintf("%d %s", res.StatusCode, body.Status)
	}
	return body.Status
}

// hears returns a function that records the status frames of one node.
func (w *watch) hears(node string) func(client.Frame) {
	return func(f client.Frame) {
		switch {
		case f.Type == "connected" && f.Status != nil:
			w.note(word{node: node, by: "client", mode: f.Status.Mode, cause: f.Status.Cause, at: time.Now()})
		case f.Type == "status":
			w.note(word{node: node, by: "client", mode: f.Mode, cause: f.Cause, at: time.Now()})
		}
	}
}

func (w *watch) note(s word) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words = append(w.words, s)
	close(w.moved)
	w.moved = make(chan struct{})
}

// first returns the first matching word after a time.
func (w *watch) first(node, by, mode string, after time.Time) (word, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.words, func(s word) bool {
		return s.node == node && s.by == by && s.mode == mode && s.at.After(after)
	})
	if i < 0 {
		return word{}, false
	}
	return w.words[i], true
}

// latest returns the last word of a node.
func (w *watch) latest(node, by string) word {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range slices.Backward(w.words) {
		if s.node == node && s.by == by {
			return s
		}
	}
	return word{}
}

// causes returns the distinct causes that clients received after a time, in order.
func (w *watch) causes(after time.Time) (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.words {
		if s.at.After(after) && s.cause != "" && !slices.Contains(list, s.cause) {
			list = append(list, s.cause)
		}
	}
	return list
}

// told returns the states that the clients of a node received, in order.
func (w *watch) told(node string) (list []word) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.words {
		if s.node == node && s.by == "client" {
			list = append(list, s)
		}
	}
	return list
}

// until waits for a condition on the words within ctx.
func (w *watch) until(ctx context.Context, ok func() bool) error {
	for {
		w.mu.Lock()
		moved := w.moved
		w.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
