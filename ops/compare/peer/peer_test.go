package main

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

// Each mode delivers every message to each member of two rooms once and in one order, and acknowledges it.
func TestModesPassLoadtest(t *testing.T) {
	b := &rig.Bench{Ctx: t.Context(), Dir: t.TempDir()}
	loadtest := b.Build("ops/loadtest")
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	for _, mode := range []string{"log", "writers", "broadcaster"} {
		t.Run(mode, func(t *testing.T) {
			s, err := newServer(mode)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(s.routes())
			t.Cleanup(server.Close)
			out, err := exec.CommandContext(t.Context(), loadtest, "-addr", strings.TrimPrefix(server.URL, "http://"),
				"-n", "40", "-rooms", "2", "-rate", "500", "-duration", "2s").CombinedOutput()
			if err != nil || !strings.Contains(string(out), "1000 sent, 1000 acknowledged") || !strings.Contains(string(out), "OK: ") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestUnknownModeIsRejected(t *testing.T) {
	if _, err := newServer("telepathy"); err == nil {
		t.Error("no error")
	}
}
