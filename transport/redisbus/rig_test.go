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

// patience is how long a test waits for what must happen, on a slow and busy machine.
const patience = 20 * time.Second

// node makes an engine with the test's defaults; change may alter its options.
func node(t testing.TB, url, id string, change ...func(*redisbus.Options)) *redisbus.Engine {
	t.Helper()
	o := redisbus.Options{URL: url, InstanceID: id, Incarnation: "inc-" + id, Log: zerolog.New(zerolog.NewTestWriter(t))}
	for _, f := range change {
		f(&o)
	}
	e, err := redisbus.New(o)
	if err != nil {
		t.Fatalf("make the engine %s: %v", id, err)
	}
	return e
}

// closing closes c with the test and fails it where that fails.
func closing[C interface{ Close() error }](t testing.TB, c C) C {
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
	c, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return c
}

// say makes a message to a room.
func say(room, id string) chat.Write {
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: "u1/" + id, Text: "hello, this is " + id, Author: alice}
}

var alice = chat.Author{ID: "u-alice", Name: "Alice", Avatar: "https://example.org/alice.png"}

// must fails the test for an error.
func must[T any](v T, err error) func(t testing.TB, what string) T {
	return func(t testing.TB, what string) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return v
	}
}

// events opens the subscriber and returns what it hears.
func events(t testing.TB, s *redisbus.Subscriber) <-chan chat.Event {
	t.Helper()
	heard := make(chan chat.Event, 1000)
	if err := s.Open(ctx(t), func(e chat.Event) { heard <- e }); err != nil {
		t.Fatalf("open the subscriber: %v", err)
	}
	closing(t, s)
	return heard
}

// next waits for one event of type E and drops others before it.
func next[E chat.Event](t testing.TB, heard <-chan chat.Event) E {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e := <-heard:
			if e, ok := e.(E); ok {
				return e
			}
		case <-deadline:
			var want E
			t.Fatalf("waited %v for a %T", patience, want)
		}
	}
}

// until polls ok until it is true.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	redistest.Wait(t, patience, what, ok)
}
