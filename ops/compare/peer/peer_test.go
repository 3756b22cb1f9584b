package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

// loadtest is the path of the program.
var loadtest string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "peer-*")
	if err == nil {
		loadtest, err = rig.Build(context.Background(), dir, "ops/loadtest")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // what is left lies among the system's temporary files
	os.Exit(code)
}

// Each mode shows every member of two rooms every message once, in one order, and acknowledges it.
func TestTheLoadtestFindsNoFault(t *testing.T) {
	for _, mode := range []string{"log", "writers", "broadcaster"} {
		t.Run(mode, func(t *testing.T) {
			h, err := newHall(mode)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(routes(h))
			t.Cleanup(server.Close)
			out, err := exec.CommandContext(t.Context(), loadtest, "-addr", strings.TrimPrefix(server.URL, "http://"),
				"-n", "40", "-rooms", "2", "-rate", "500", "-duration", "2s").CombinedOutput()
			if err != nil || !strings.Contains(string(out), "1000 sent, 1000 acknowledged") || !strings.Contains(string(out), "OK: ") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestAnUnknownModeIsRefused(t *testing.T) {
	if _, err := newHall("telepathy"); !errors.Is(err, errMode) {
		t.Errorf("%v", err)
	}
	if err := serve(t.Context(), []string{"-mode", "telepathy"}); !errors.Is(err, errMode) {
		t.Errorf("%v", err)
	}
}
