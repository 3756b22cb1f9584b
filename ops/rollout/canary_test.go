package rollout

import "testing"

const canary = "chatnode-3"

// The other nodes follow a healthy canary, and no client notices.
func TestCanaryIsPromoted(t *testing.T) {
	t.Parallel()
	f := newFleet(t, serving[:2], []string{canary})
	c := f.gather(10, 2, 20)
	program := newVersion(t)
	f.must("canary.sh", "--program", program, "--canary", canary, "--watch", "1", serving[0], serving[1])
	f.wantProgram(program, serving[:2]...)
	f.wantDown(canary)
	c.audit().print(t)
}

// After any failure each node runs the old version, and no message is lost.
func TestCanaryIsRolledBack(t *testing.T) {
	for _, test := range []struct{ name, failing string }{
		{"where the canary does not start", canary},
		{"where a later node does not start", serving[1]},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, serving[:2], []string{canary})
			c := f.gather(10, 2, 20)
			args := []string{"--program", failingOn(t, test.failing), "--canary", canary, "--watch", "1", serving[0], serving[1]}
			if out, code := f.run("canary.sh", args...); code != 1 {
				t.Errorf("exit code %d, want 1:\n%s", code, out)
			}
			f.wantProgram(binary, serving[:2]...)
			f.wantDown(canary)
			c.audit().print(t)
		})
	}
}

// A canary that starts but is cut off from the others gets no client.
func TestDegradedCanaryGetsNoClients(t *testing.T) {
	t.Parallel()
	f := newFleet(t, serving[:2], []string{canary})
	f.set(canary, "REDIS_URL", "redis://127.0.0.1:1")
	f.env = []string{"START_WITHIN=4"}
	out, code := f.run("canary.sh", "--program", binary, "--canary", canary, "--watch", "1", serving[0], serving[1])
	if code != 1 {
		t.Errorf("exit code %d, want 1:\n%s", code, out)
	}
	f.wantDown(canary)
	if got := f.must("fleet.sh", "status", canary); got != canary+" process=down lb= clients= degraded=\n" {
		t.Errorf("status of the canary: %s", got)
	}
}
