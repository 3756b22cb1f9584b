package redisbus_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// TestConnectionsDoNotLeak: closed and broken connections leave no goroutines and no connections to Redis.
func TestConnectionsDoNotLeak(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	must(s.Client().Ping(ctx(t)).Result())(t, "ping")
	before := goleak.IgnoreCurrent()
	for range 5 {
		e := newEngine(t, s.URL(), "api-1", shortTimeouts)
		a, sub, store := e.NewAppender(), e.NewSubscriber(), e.NewStore()
		broken := make(chan error, 1)
		if err := sub.Open(ctx(t), func(e chat.Event) {
			if b, ok := e.(chat.Disconnected); ok {
				broken <- b.Err
			}
		}); err != nil {
			t.Fatal(err)
		}
		must(a.Append(ctx(t), []chat.Write{message("global", "0-leak-1")}))(t, "append")
		must(store.Heartbeat(ctx(t), 1))(t, "heartbeat")
		s.Do(t, "CLIENT", "KILL", "TYPE", "pubsub")
		if name, _ := redisbus.Cause(<-broken); name != redisbus.Unreachable {
			t.Errorf("cause %q, want %q", name, redisbus.Unreachable)
		}
		if err := errors.Join(a.Close(), sub.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	}
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
	if got := connNames(t, s); len(got) != 0 {
		waitUntil(t, "Redis to notice the closed connections", func() bool { return len(connNames(t, s)) == 0 })
	}
}

// TestCloseWithBlockedSink: Close returns an error if the sink does not return.
func TestCloseWithBlockedSink(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := newEngine(t, s.URL(), "api-1")
	a, sub := closeOnCleanup(t, e.NewAppender()), e.NewSubscriber()
	inside, release := make(chan struct{}), make(chan struct{})
	if err := sub.Open(ctx(t), func(chat.Event) { close(inside); <-release }); err != nil {
		t.Fatal(err)
	}
	must(a.Append(ctx(t), []chat.Write{message("global", "0-block-1")}))(t, "append")
	<-inside
	if err := sub.Close(); err == nil {
		t.Error("Close succeeded while the sink was blocked")
	}
	close(release)
}

// TestOpenTwice: calls in the wrong state return errors and emit no events.
func TestOpenTwice(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	sub := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewSubscriber())
	if err := sub.Subscribe(ctx(t), "a"); err == nil {
		t.Error("Subscribe succeeded before Open")
	}
	sink := func(e chat.Event) { t.Errorf("received %+v", e) }
	if err := sub.Open(ctx(t), sink); err != nil {
		t.Fatal(err)
	}
	if err := sub.Open(ctx(t), sink); err == nil {
		t.Error("Open succeeded on an open subscriber")
	}
	if err := sub.Unsubscribe(ctx(t), "never", "global"); err != nil {
		t.Errorf("unsubscribe from rooms without subscription: %v", err)
	}
	if err := errors.Join(sub.Close(), sub.Open(ctx(t), sink)); err != nil {
		t.Errorf("open after Close: %v", err)
	}
}
