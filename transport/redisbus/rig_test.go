package redisbus_test

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// waitTimeout is the maximum time that a test waits for a condition. It is sufficient for a slow and busy machine.
const waitTimeout = 20 * time.Second

// newEngine returns an engine with defaults for tests. The change functions may modify its options.
func newEngine(t testing.TB, url, id string, change ...func(*redisbus.Options)) *redisbus.Engine {
	t.Helper()
	o := redisbus.Options{URL: url, InstanceID: id, Incarnation: "inc-" + id, Log: zerolog.New(zerolog.NewTestWriter(t))}
	for _, f := range change {
		f(&o)
	}
	e, err := redisbus.New(o)
	if err != nil {
		t.Fatalf("new engine %s: %v", id, err)
	}
	return e
}

// closeOnCleanup closes c at the end of the test, and fails the test if Close fails.
func closeOnCleanup[C interface{ Close() error }](t testing.TB, c C) C {
	t.Helper()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c
}

func ctx(t testing.TB) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(context.Background(), waitTimeout)
	t.Cleanup(cancel)
	return c
}

// message returns a write of a message to a room.
func message(room, id string) chat.Write {
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: "u1/" + id, Text: "hello, this is " + id, Author: alice}
}

var alice = chat.Author{ID: "u-alice", Name: "Alice", Avatar: "https://example.org/alice.png"}

// must returns a function that returns v, or fails the test if err is not nil.
func must[T any](v T, err error) func(t testing.TB, what string) T {
	return func(t testing.TB, what string) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return v
	}
}

// openEvents opens the subscriber and returns the events that it receives.
func openEvents(t testing.TB, s *redisbus.Subscriber) <-chan chat.Event {
	t.Helper()
	events := make(chan chat.Event, 1000)
	if err := s.Open(ctx(t), func(e chat.Event) { events <- e }); err != nil {
		t.Fatalf("open subscriber: %v", err)
	}
	closeOnCleanup(t, s)
	return events
}

// nextEvent waits for an event of type E and drops other events before it.
func nextEvent[E chat.Event](t testing.TB, events <-chan chat.Event) E {
	t.Helper()
	deadline := time.After(waitTimeout)
	for {
		select {
		case e := <-events:
			if e, ok := e.(E); ok {
				return e
			}
		case <-deadline:
			var want E
			t.Fatalf("no %T within %v", want, waitTimeout)
		}
	}
}

// waitUntil polls ok until it is true.
func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	redistest.Wait(t, waitTimeout, what, ok)
}
