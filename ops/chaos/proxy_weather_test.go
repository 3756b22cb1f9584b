package chaos

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"chatnode/transport/redistest"
)

// Bytes that are held back arrive later and in order, in one direction or both, and only on matching connections.
func TestProxy(t *testing.T) {
	redis := redistest.Start(t, redistest.Config{})
	p := startProxy(t, redis.Addr)
	named, other := talk(t, p.Addr), talk(t, p.Addr)
	named.say("CLIENT SETNAME chatnode:node-1:pub")
	named.hears("+OK")

	p.hold(func(name string, d direction) bool { return of(name, "node-1") && d == down })
	named.say("SET key one")
	other.say("PING")
	other.hears("+PONG")
	eventually(t, "what goes up gets through", func() bool { return redis.Client().Get(t.Context(), "key").Val() == "one" })
	p.hold(func(name string, _ direction) bool { return of(name, "node-1") })
	named.say("SET key two")
	other.say("GET key")
	other.hears("$3")
	other.hears("one")
	p.clear()
	named.hears("+OK")
	named.hears("+OK")
	if got := redis.Do(t, "GET", "key"); got != "two" {
		t.Errorf("key is %v after the hold, want two", got)
	}

	p.change(&weather{delay: 50 * time.Millisecond})
	begun := time.Now()
	other.say("PING")
	other.hears("+PONG")
	if took := time.Since(begun); took < 100*time.Millisecond {
		t.Errorf("answered in %v through a delay of 50 ms each way", took)
	}
	p.cut(func(name string) bool { return of(name, "node-1") })
	if _, err := named.c.Read(make([]byte, 1)); err == nil {
		t.Error("the connection was not cut")
	}
}

// talker speaks inline Redis.
type talker struct {
	*testing.T
	c net.Conn
}

func talk(t *testing.T, addr string) talker {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatalf("dial the proxy: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(waitTimeout)); err != nil {
		t.Fatal(err)
	}
	return talker{t, c}
}

func (k talker) say(line string) {
	k.Helper()
	if _, err := fmt.Fprintf(k.c, "%s\r\n", line); err != nil {
		k.Fatal(err)
	}
}

// hears reads one line.
func (k talker) hears(want string) {
	k.Helper()
	var got strings.Builder
	for b := make([]byte, 1); !strings.HasSuffix(got.String(), "\r\n"); {
		if _, err := k.c.Read(b); err != nil {
			k.Fatalf("%q, then %v; want %q", got.String(), err, want)
		}
		got.Write(b)
	}
	if line := strings.TrimSpace(got.String()); line != want {
		k.Fatalf("received %q, want %q", line, want)
	}
}
