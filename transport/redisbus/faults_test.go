package redisbus_test

import (
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// quick makes the node notice within the test's patience.
func quick(o *redisbus.Options) { o.Timeout, o.Silence = 500*time.Millisecond, time.Second }

// last reads what was heard up to Broken, and asserts that nothing follows.
func last(t *testing.T, p parts, want string) {
	t.Helper()
	broken := next[chat.Disconnected](t, p.heard)
	if name, sentence := redisbus.Cause(broken.Err); name != want || sentence == "" {
		t.Errorf("broken by %v, cause %q, want %q", broken.Err, name, want)
	}
	if err := p.subscriber.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	select {
	case e := <-p.heard:
		t.Errorf("heard %#v after Broken", e)
	default:
	}
}

func TestKilledServer(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", quick))
	s.Kill()
	last(t, p, redisbus.Unreachable)
	for range 3 {
		_, err := p.appender.Append(ctx(t), []chat.Write{say("global", "1-killed-1")})
		if name, _ := redisbus.Cause(err); name != redisbus.Unreachable {
			t.Errorf("append to a dead server: %v, cause %q", err, name)
		}
	}
	s.Restart(t)
	// The very first call after the return works: nothing waits for a pool to notice.
	r := must(p.appender.Append(ctx(t), []chat.Write{say("global", "1-killed-1")}))(t, "append after the restart")
	if r[0].Seq != 1 {
		t.Errorf("receipt %+v of an empty server, want seq 1", r[0])
	}
	if err := p.subscriber.Open(ctx(t), func(chat.Event) {}); err != nil {
		t.Errorf("open after the restart: %v", err)
	}
}

func TestHungServer(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", quick))
	s.Pause(t)
	began := time.Now()
	last(t, p, redisbus.Timeout)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("noticed after %v, want at most 3 s", took)
	}
	_, err := p.appender.Append(ctx(t), []chat.Write{say("global", "1-hung-1")})
	if name, _ := redisbus.Cause(err); name != redisbus.Timeout {
		t.Errorf("append to a hung server: %v, cause %q, want %q", err, name, redisbus.Timeout)
	}
	s.Resume(t)
	// The first try may have been stored after all: its key says so. On a busy machine the next one may not be
	// answered in time either.
	var r []chat.Receipt
	redistest.Wait(t, patience, "an append after the server hung", func() bool {
		r, err = p.appender.Append(ctx(t), []chat.Write{say("global", "1-hung-1")})
		return err == nil
	})
	if r[0].Seq != 2 {
		t.Errorf("receipt %+v, want seq 2", r[0])
	}
}

func TestKilledConnections(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", quick))
	s.Do(t, "CLIENT", "KILL", "TYPE", "pubsub")
	last(t, p, redisbus.Unreachable)
	if err := p.subscriber.Subscribe(ctx(t), "a"); err == nil {
		t.Error("a subscription on a broken link stands, and nobody noticed the gap")
	}
}

func TestQuietLinkStays(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.Silence = 2 * time.Second }))
	quiet := time.After(5 * time.Second) // more than two silences
	for still := true; still; {
		select {
		case <-quiet:
			still = false
		case e := <-p.heard:
			if b, ok := e.(chat.Disconnected); ok {
				t.Fatalf("a quiet link broke: %v", b.Err)
			}
		}
	}
	if err := p.appender.PublishSignals(ctx(t), []chat.Signal{{Probe: &chat.Probe{SentAt: 7}}}); err != nil {
		t.Fatal(err)
	}
	if s := next[chat.Signal](t, p.heard); s.Probe == nil || s.Probe.SentAt != 7 {
		t.Errorf("heard %+v, want the probe", s)
	}
}
