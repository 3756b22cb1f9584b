package chaos

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// An outage is one long loss of Redis at full load. The environment says how long (CHATNODE_OUTAGE)
// and how much (CHATNODE_RATE, messages a second over three nodes); make chaos asks for 60 s and 1,000.
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

// outageWriters is how many writers share the rate.
const outageWriters = 6

// TestOutage: Redis is gone for long, and one of the nodes is killed midway and comes back with Redis.
// Nothing acknowledged is lost, nothing is shown twice, and the survivors' memory stays within what
// their journals may hold.
func TestOutage(t *testing.T) {
	o := outageFromEnv(t)
	w := newWorld(t, kept(t), load{writers: outageWriters, gap: outageWriters * time.Second / time.Duration(o.rate)},
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
	f.told(w, r)
	t.Logf("%v at %d msg/s, node-1 killed midway: %d acknowledged, %d of them journal; lost %d, twice %d; noticed %v; healthy %v after Redis's return",
		o.lasts, o.rate, r.verdict.Acked, r.verdict.Journal, len(r.verdict.Lost), len(r.verdict.Twice), r.notice, r.heal)
	t.Logf("log grew by %d entries in that time: %.0f a second", replayed, float64(replayed)/max(r.heal.Seconds(), 0.001))
	w.compare(before, middle, after, healed)
}
