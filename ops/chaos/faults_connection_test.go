package chaos

import (
	"fmt"
	"strings"
	"time"
)

// Connections that Redis closes repeatedly.
var connectionFaults = []fault{
	{name: "CLIENT KILL in a loop", redis: kept, silent: true, strikes: 20, run: func(w *world) {
		killed := 0
		w.repeat(3*time.Second, 150*time.Millisecond, func() { killed += w.killClients() })
		if killed < len(w.Nodes)*3 {
			w.Errorf("only %d connections were there to be killed", killed)
		}
	}},
	{name: "output buffer overrun: subscribers killed", redis: kept, silent: true, strikes: 12, run: func(w *world) {
		w.redis.Do(w.T, "CONFIG", "SET", "client-output-buffer-limit", "pubsub 4096 0 0")
		flood := strings.Repeat("x", 1<<20)
		subscribers := 0
		w.repeat(3*time.Second, 250*time.Millisecond, func() {
			n, _ := w.redis.Do(w.T, "PUBLISH", "chat:pubsub:"+room+":broadcast", flood).(int64)
			subscribers += int(n)
		})
		w.redis.Do(w.T, "CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60")
		w.cure()
		if subscribers < len(w.Nodes) {
			w.Errorf("only %d subscribers were there to be killed", subscribers)
		}
	}},
}

// repeat calls do once per interval, and marks the cure.
func (w *world) repeat(during, every time.Duration, do func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for end := time.Now().Add(during); time.Now().Before(end); <-tick.C {
		do()
	}
	w.cure()
}

// killClients closes all connections of the nodes and returns their number.
func (w *world) killClients() (n int) {
	for line := range strings.Lines(fmt.Sprint(w.redis.Do(w.T, "CLIENT", "LIST"))) {
		if id, rest, ok := strings.Cut(strings.TrimPrefix(line, "id="), " "); ok && strings.Contains(rest, "name=chatnode:") {
			if w.redis.Client().ClientKillByFilter(w.Context(), "ID", id).Err() == nil {
				n++
			}
		}
	}
	return n
}
