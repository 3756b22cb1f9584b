package rollout

import "testing"

var blue, green = []string{"blue-1", "blue-2"}, []string{"green-1", "green-2"}

// All traffic moves from green to blue at once, and no client notices.
func TestBlueGreen(t *testing.T) {
	t.Parallel()
	f := newFleet(t, green, blue)
	c := f.gather(10, 2, 20)
	program := newVersion(t)
	f.must("blue-green.sh", "--program", program, "--blue", "blue-1 blue-2", "--green", "green-1 green-2")
	f.wantProgram(program, blue...)
	f.wantDown(green...)
	c.audit().print(t)
}

// If blue does not start, it is removed, and green is not touched.
func TestFailedBlueKeepsGreen(t *testing.T) {
	t.Parallel()
	f := newFleet(t, green, blue)
	c := f.gather(10, 2, 20)
	before := f.pids(green)
	args := []string{"--program", failingOn(t, "blue-2"), "--blue", "blue-1 blue-2", "--green", "green-1 green-2"}
	if out, code := f.run("blue-green.sh", args...); code != 1 {
		t.Errorf("exit code %d, want 1:\n%s", code, out)
	}
	for id, pid := range f.pids(green) {
		if pid == "" || pid != before[id] {
			t.Errorf("%s is process %q, and was %q", id, pid, before[id])
		}
	}
	f.wantDown(blue...)
	s := c.audit()
	s.print(t)
	if s.connects > 0 {
		t.Errorf("%d clients had to reconnect", s.connects)
	}
	s.noFlaps(t)
}
