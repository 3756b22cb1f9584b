package chaos

import (
	"strings"
	"time"
)

// The network between the nodes and a healthy Redis. Bytes that are held back arrive late.
var networkFaults = []fault{
	{name: "black hole, all nodes", redis: behindProxy, causes: []string{silent, deaf}, run: func(w *world) {
		w.swallows(func(string, direction) bool { return true })
	}},
	{name: "black hole, one node of three", redis: behindProxy, hits: []int{0}, causes: []string{silent, deaf}, run: func(w *world) {
		w.swallows(func(name string, _ direction) bool { return of(name, "node-1") })
	}},
	{name: "half-open: nothing from Redis arrives", redis: behindProxy, causes: []string{silent, deaf}, run: func(w *world) {
		w.swallows(func(_ string, d direction) bool { return d == down })
	}},
	{name: "half-open: nothing gets to Redis", redis: behindProxy, causes: []string{silent, deaf}, run: func(w *world) {
		w.swallows(func(_ string, d direction) bool { return d == up })
	}},
	{name: "deaf: the subscriber's connection alone hears nothing", redis: behindProxy, causes: []string{deaf}, run: func(w *world) {
		w.swallows(func(name string, d direction) bool { return d == down && strings.HasSuffix(name, ":sub") })
	}},
	{name: "200 ms to Redis and back", redis: behindProxy, silent: true, run: func(w *world) {
		w.redis.proxy.change(&weather{delay: 100 * time.Millisecond})
		w.lasts(3 * time.Second)
		w.redis.proxy.clear()
		w.cure()
	}},
}

// swallows holds back the matching bytes for a time.
func (w *world) swallows(match func(name string, d direction) bool) {
	w.strike()
	w.redis.proxy.hold(match)
	w.lasts(4500 * time.Millisecond)
	w.redis.proxy.clear()
	w.cure()
}

// of reports whether a connection is a node's. A connection without a name waits until it has one.
func of(name, node string) bool { return strings.HasPrefix(name, "chatnode:"+node+":") }
