package redisbus_test

import (
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// shortTimeouts makes the node notice failures quickly.
func shortTimeouts(o *redisbus.Options) { o.Timeout, o.Silence = 500*time.Millisecond, time.Second }

// expectDisconnected reads events up to Disconnected, which must have the cause want and be the last event.
func expectDisconnected(t *testing.T, p nodeParts, want string) {
	t.Helper()
	disconnected := nextEvent[chat.Disconnected](t, p.events)
	if name, sentence := redisbus.Cause(disconnected.Err); name != want || sentence == "" {
		t.Errorf("disconnected by %v, cause %q, want %q", disconnected.Err, name, want)
	}
	if err := p.subscriber.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	select {
	case e := <-p.events:
		t.Errorf("received %#v after Disconnected", e)
	default:
	}
}

func TestKilledServer(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts))
	s.Kill()
	expectDisconnected(t, p, redisbus.Unreachable)
	for range 3 {
		_, err := p.appender.Append(ctx(t), []chat.Write{message("global", "1-killed-1")})
		if name, _ := redisbus.Cause(err); name != redisbus.Unreachable {
			t.Errorf("append to a killed server: %v, cause %q", err, name)
		}
	}
	s.Restart(t)
	// The first call after the restart succeeds, because no pool has to notice the broken connection.
	r := must(p.appender.Append(ctx(t), []chat.Write{message("global", "1-killed-1")}))(t, "append after the restart")
	if r[0].Seq != 1 {
		t.Errorf("receipt %+v on an empty server, want seq 1", r[0])
	}
	if err := p.subscriber.Open(ctx(t), func(chat.Event) {}); err != nil {
		t.Errorf("open after the restart: %v", err)
	}
}

func TestHungServer(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts))
	s.Pause(t)
	start := time.Now()
	expectDisconnected(t, p, redisbus.Timeout)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("disconnected after %v, want at most 3 s", took)
	}
	_, err := p.appender.Append(ctx(t), []chat.Write{message("global", "1-hung-1")})
	if name, _ := redisbus.Cause(err); name != redisbus.Timeout {
		t.Errorf("append to a hung server: %v, cause %q, want %q", err, name, redisbus.Timeout)
	}
	s.Resume(t)
	// The first append may have been stored, and its key detects the duplicate. On a busy machine the next append may
	// time out as well.
	var r []chat.Receipt
	redistest.Wait(t, waitTimeout, "an append after the server hung", func() bool {
		r, err = p.appender.Append(ctx(t), []chat.Write{message("global", "1-hung-1")})
		return err == nil
	})
	if r[0].Seq != 2 {
		t.Errorf("receipt %+v, want seq 2", r[0])
	}
}

func TestKilledConnections(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts))
	s.Do(t, "CLIENT", "KILL", "TYPE", "pubsub")
	expectDisconnected(t, p, redisbus.Unreachable)
	if err := p.subscriber.Subscribe(ctx(t), "a"); err == nil {
		t.Error("Subscribe succeeded on a broken connection")
	}
}

func TestIdleConnectionStaysOpen(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.Silence = 2 * time.Second }))
	end := time.After(5 * time.Second) // more than two read timeouts
	for idle := true; idle; {
		select {
		case <-end:
			idle = false
		case e := <-p.events:
			if b, ok := e.(chat.Disconnected); ok {
				t.Fatalf("an idle connection broke: %v", b.Err)
			}
		}
	}
	if err := p.appender.PublishSignals(ctx(t), []chat.Signal{{Probe: &chat.Probe{SentAt: 7}}}); err != nil {
		t.Fatal(err)
	}
	if s := nextEvent[chat.Signal](t, p.events); s.Probe == nil || s.Probe.SentAt != 7 {
		t.Errorf("received %+v, want the probe", s)
	}
}
