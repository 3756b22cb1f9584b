package main

import (
	"bytes"
	"syscall"
	"testing"
	"time"

	"chatnode/node"
)

func kill(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(syscall.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}

// within waits for a channel, which must not take longer than a deadline.
func within[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(10 * time.Second):
		t.Fatalf("never: %s", what)
	}
	return v
}

func TestTheFirstSignalEndsTheContextAndTheSecondTheProcess(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		exited := make(chan int, 1)
		log := node.NewLog(&node.Config{}, &bytes.Buffer{})
		ctx, s := watchSignals(t.Context(), log, func(code int) { exited <- code })
		kill(t, sig)
		within(t, "the context is cancelled", ctx.Done())
		kill(t, sig)
		if code := within(t, "the process exits", exited); code != exitForced {
			t.Errorf("exit %d", code)
		}
		s.stop()
	}
}

func TestHangUpSwitchesTheLogLevel(t *testing.T) {
	log := node.NewLog(&node.Config{LogLevel: node.LogInfo}, &bytes.Buffer{})
	ctx, s := watchSignals(t.Context(), log, func(int) {})
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(10 * time.Second)
	for _, want := range []node.LogLevel{node.LogDebug, node.LogInfo} {
		kill(t, syscall.SIGHUP)
		for log.Level() != want {
			if <-tick.C; time.Now().After(deadline) {
				t.Fatalf("the level is %s, not %s", log.Level(), want)
			}
		}
	}
	if ctx.Err() != nil {
		t.Error("a hang-up ended the node")
	}
	s.stop()
}
