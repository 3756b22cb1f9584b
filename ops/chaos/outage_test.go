package chaos

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// outage is one long loss of Redis under full load. CHATNODE_OUTAGE is its length and CHATNODE_RATE the messages per
// second over three nodes. `make chaos` sets 60 s and 1,000.
type outage struct {
	lasts time.Duration
	rate  int
}

func outageFromEnv(t *testing.T) outage {
	t.Helper()
	o := outage{lasts: 5 * time.Second, rate: 300}
	var err error
	if text := os.Getenv("CHATNODE_OUTAGE"); text != "" {
		if o.lasts, err = time.ParseDuration(text); err != nil {
			t.Fatalf("CHATNODE_OUTAGE: %v", err)
		}
	}
	if text := os.Getenv("CHATNODE_RATE"); text != "" {
		if o.rate, err = strconv.Atoi(text); err != nil {
			t.Fatalf("CHATNODE_RATE: %v", err)
		}
	}
	return o
}

// outageWriters is the number of writers that share the rate.
const outageWriters = 6

// Redis is lost for a long time, and one node is killed in the middle and starts again with Redis. No acknowledged
// message is lost or shown twice, and the memory of the surviving nodes stays within the size of their journals.
func TestOutage(t *testing.T) {
	o := outageFromEnv(t)
	w := newWorld(t, kept(t), load{writers: outageWriters, interval: outageWriters * time.Second / time.Duration(o.rate)},
		map[string]string{"METRICS_API_KEY": metricsKey})
	w.flows(o.rate)
	before := w.survey()
	w.strike()
	w.redis.Kill()
	w.lasts(o.lasts / 2)
	w.Nodes[0].Kill()
	middle := w.survey()
	w.lasts(o.lasts / 2)
	after := w.survey()
	w.Nodes[0].Start(t)
	w.redis.Restart(t)
	w.cure()
	from := w.redis.seq(w)
	f := &fault{name: "outage", causes: []string{unreachable}}
	r := &row{name: "outage"}
	r.notice, r.noticeHealth = f.noticed(w)
	r.heal = max(f.healed(w), w.emptied())
	replayed := w.redis.seq(w) - from
	w.flows(o.rate)
	healed := w.survey()
	r.verdict = w.judge(false)
	f.reported(w, r)
	t.Logf("%v at %d msg/s, node-1 killed midway: %d acknowledged, %d of them journal; lost %d, twice %d; noticed %v; healthy %v after Redis's return",
		o.lasts, o.rate, r.verdict.Acked, r.verdict.Journal, len(r.verdict.Lost), len(r.verdict.Twice), r.notice, r.heal)
	t.Logf("log grew by %d entries in that time: %.0f a second", replayed, float64(replayed)/max(r.heal.Seconds(), 0.001))
	w.compare(before, middle, after, healed)
}
