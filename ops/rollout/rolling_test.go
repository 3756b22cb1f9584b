package rollout

import (
	"os"
	"strconv"
	"testing"
)

var serving = []string{"chatnode-1", "chatnode-2", "chatnode-3"}

// Three nodes restart one after another while clients write and read, and a fourth node serves in the meantime. No
// client notices.
func TestRollingRestart(t *testing.T) {
	clients, rate := size(t, "ROLLOUT_CLIENTS", 60), size(t, "ROLLOUT_RATE", 100)
	f := newFleet(t, serving, []string{"chatnode-4"})
	c := f.gather(clients, max(1, rate/10), rate)
	before := f.pids(serving)
	f.must("rolling.sh", append([]string{"--surge", "chatnode-4"}, serving...)...)
	for id, pid := range f.pids(serving) {
		if pid == before[id] || pid == "" {
			t.Errorf("%s is process %q, and was %q", id, pid, before[id])
		}
	}
	if pid := f.pid("chatnode-4"); pid != "" {
		t.Errorf("the spare node still runs as %s", pid)
	}
	s := c.audit()
	s.print(t)
	if s.connects < clients {
		t.Errorf("%d of %d clients had to reconnect: every node was restarted", s.connects, clients)
	}
	s.noFlaps(t)
}

func (s showing) print(t *testing.T) {
	t.Logf("%d messages acknowledged, %.0f a second; %d reconnects, at most %d in any second; %d presence frames, %d flaps, down to %d",
		s.acked, s.rate, s.connects, s.storm, s.frames, len(s.flaps), s.minMembers)
}

func (s showing) noFlaps(t *testing.T) {
	t.Helper()
	if n := len(s.flaps); n > 0 {
		t.Errorf("%d presence flaps, down to %d members; the first: %s", n, s.minMembers, s.flaps[0])
	}
}

// pids returns the process ids of nodes.
func (f *fleet) pids(ids []string) map[string]string {
	pids := map[string]string{}
	for _, id := range ids {
		pids[id] = f.pid(id)
	}
	return pids
}

// size returns a parameter from the environment.
func size(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, not a number", name, text)
	}
	return n
}
