package redisbus_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// However a node's connections end, closed or broken, they leave nothing behind.
func TestNothingLeaks(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	must(s.Client().Ping(ctx(t)).Result())(t, "ping")
	before := goleak.IgnoreCurrent()
	for range 5 {
		e := node(t, s.URL(), "api-1", quick)
		a, sub, store := e.Appender(), e.Subscriber(), e.Store()
		broken := make(chan error, 1)
		if err := sub.Open(ctx(t), func(e chat.Event) {
			if b, ok := e.(chat.Disconnected); ok {
				broken <- b.Err
			}
		}); err != nil {
			t.Fatal(err)
		}
		must(a.Append(ctx(t), []chat.Write{say("global", "0-leak-1")}))(t, "append")
		must(store.Heartbeat(ctx(t), 1))(t, "beat")
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
	if got := names(t, s); len(got) != 0 {
		until(t, "Redis to see the connections end", func() bool { return len(names(t, s)) == 0 })
	}
}

// A sink that never returns cannot hold Close for ever.
func TestCloseWithABlockedSink(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := node(t, s.URL(), "api-1")
	a, sub := closing(t, e.Appender()), e.Subscriber()
	inside, release := make(chan struct{}), make(chan struct{})
	if err := sub.Open(ctx(t), func(chat.Event) { close(inside); <-release }); err != nil {
		t.Fatal(err)
	}
	must(a.Append(ctx(t), []chat.Write{say("global", "0-block-1")}))(t, "append")
	<-inside
	if err := sub.Close(); err == nil {
		t.Error("Close says that the reader ended, and it did not")
	}
	close(release)
}

// What Open is refused is an error of Open and no event.
func TestOpenTwice(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	sub := closing(t, node(t, s.URL(), "api-1").Subscriber())
	if err := sub.Subscribe(ctx(t), "a"); err == nil {
		t.Error("a closed subscriber subscribed")
	}
	sink := func(e chat.Event) { t.Errorf("heard %+v", e) }
	if err := sub.Open(ctx(t), sink); err != nil {
		t.Fatal(err)
	}
	if err := sub.Open(ctx(t), sink); err == nil {
		t.Error("an open subscriber opened again")
	}
	if err := sub.Unsubscribe(ctx(t), "never", "global"); err != nil {
		t.Errorf("unsubscribe what is not subscribed: %v", err)
	}
	if err := errors.Join(sub.Close(), sub.Open(ctx(t), sink)); err != nil {
		t.Errorf("open after Close: %v", err)
	}
}
