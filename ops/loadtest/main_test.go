package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// binary is chatnode, built by TestMain.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "chatnode-load-")
		if err == nil {
			defer os.RemoveAll(dir)
			binary, err = build(dir)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		code := m.Run()
		if err := goleak.Find(); code == 0 && err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	}())
}

func TestBadUsageListsAllProblems(t *testing.T) {
	cases := []struct {
		args []string
		want []string
	}{
		{[]string{"-nonsense"}, []string{"-nonsense"}},
		{[]string{"-n", "0", "-rooms", "0", "-rate", "-1", "-size", "1"}, []string{"-n must", "-rooms must", "-rate must", "-size must"}},
		{[]string{"-connect-rate", "0", "-duration", "0s", "-drain", "0s", "-slow-pause", "0s", "-dialing", "0"}, []string{"-connect-rate", "-duration", "-drain", "-slow-pause", "-dialing"}},
		{[]string{"-addr", "192.0.2.1:3001"}, []string{"-allow-remote"}},
		{[]string{"-addr", "127.0.0.1:1,http://127.0.0.1:2"}, []string{"http://127.0.0.1:2"}},
		{[]string{"-sources", "127.0.1.9-127.0.1.1"}, []string{"-sources"}},
		{[]string{"-sources", "here"}, []string{"-sources"}},
		{[]string{"-slow", "100%"}, []string{"-slow"}},
		{[]string{"-slow", "50%", "-silent", "50%"}, []string{"-slow and -silent"}},
		{[]string{"-outstanding", "1001"}, []string{"-outstanding"}},
		{[]string{"-outstanding", "1", "-duration", "1h"}, []string{"messages"}},
		{[]string{"-slow", "1.5"}, []string{"slow"}},
		{[]string{"-room-prefix", "a room"}, []string{"-room-prefix"}},
		{[]string{"-rate", "1e9", "-duration", "1h"}, []string{"messages"}},
		{[]string{"-n", "99999999"}, []string{"ulimit -n"}},
		{[]string{"extra"}, []string{`"extra"`}},
		{[]string{"-json", "/no/such/folder/x"}, []string{"-json"}},
		{[]string{"-plot", "/no/such/folder/x"}, []string{"-plot"}},
	}
	for _, c := range cases {
		var out, log bytes.Buffer
		code := command(t.Context(), c.args, func(string) string { return "" }, &out, &log)
		for _, want := range c.want {
			if code != exitUsage || !strings.Contains(log.String(), want) {
				t.Errorf("%q: exit %d, without %q:\n%s", c.args, code, want, log.String())
			}
		}
	}
}

func TestHelpHidesSecret(t *testing.T) {
	var out, log bytes.Buffer
	code := command(t.Context(), []string{"-h"}, func(string) string { return "not to be printed" }, &out, &log)
	if code != exitOK || !strings.Contains(log.String(), "-connect-rate") || strings.Contains(log.String(), "not to be printed") {
		t.Errorf("exit %d:\n%s", code, log.String())
	}
}

func TestMissingNodeFailsRun(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var out, log bytes.Buffer
	code := command(ctx, []string{"-addr", "127.0.0.1:1", "-n", "2", "-rooms", "1"}, func(string) string { return "" }, &out, &log)
	if code != exitFailed || !strings.Contains(log.String(), "connection refused") {
		t.Errorf("exit %d:\n%s", code, log.String())
	}
}
