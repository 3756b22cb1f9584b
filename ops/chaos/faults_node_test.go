package chaos

import "context"

// Nodes that die while Redis is lost, with acknowledged messages in their journals.
var nodeFaults = []fault{
	{name: "a node SIGKILLed in the outage", redis: kept, causes: []string{unreachable}, run: func(w *world) {
		w.redis.Kill()
		w.journals()
		w.Nodes[0].Kill()
		w.flows(40)
		w.redis.Restart(w.T)
		w.Nodes[0].Restart(w.T)
		w.cure()
	}},
	{name: "all nodes SIGKILLed in the outage, started without Redis", redis: kept, causes: []string{unreachable}, run: func(w *world) {
		w.redis.Kill()
		w.journals()
		for _, n := range w.Nodes {
			n.Kill()
		}
		for _, n := range w.Nodes {
			n.Restart(w.T)
		}
		w.flows(40)
		w.redis.Restart(w.T)
		w.cure()
	}},
}

// journals waits until each node reports that it is degraded, and many more messages are acknowledged.
func (w *world) journals() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), waitTimeout)
	defer cancel()
	for _, n := range w.Nodes {
		if w.watch.until(ctx, func() bool { return w.watch.latest(n.ID, "client").mode == "degraded" }) != nil {
			w.Fatalf("%s does not notice", n.ID)
		}
	}
	w.flows(60)
}
