package redisbus_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// nodeParts are the owners of the three connections of one node.
type nodeParts struct {
	appender   *redisbus.Appender
	store      *redisbus.Store
	subscriber *redisbus.Subscriber
	events     <-chan chat.Event
}

// startNode uses every part of the node once, so that all connections are open.
func startNode(t testing.TB, e *redisbus.Engine) nodeParts {
	t.Helper()
	p := nodeParts{appender: closeOnCleanup(t, e.NewAppender()), store: closeOnCleanup(t, e.NewStore()), subscriber: e.NewSubscriber()}
	p.events = openEvents(t, p.subscriber)
	if err := p.store.Check(ctx(t)); err != nil {
		t.Fatalf("check: %v", err)
	}
	must(p.appender.Append(ctx(t), []chat.Write{message("global", fmt.Sprintf("0-start-%p", e))}))(t, "append")
	must(p.store.Heartbeat(ctx(t), 7))(t, "heartbeat")
	must(p.store.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: []chat.PresentUser{{UserID: "u1", Role: "member"}}, Notify: true}}))(t, "presence")
	nextEvent[*chat.Delivered](t, p.events)
	return p
}

// connNames returns the sorted names of the connections to the server, without those of the test.
func connNames(t testing.TB, s *redistest.Server) []string {
	t.Helper()
	var list []string
	for line := range strings.Lines(fmt.Sprint(s.Do(t, "CLIENT", "LIST"))) {
		for field := range strings.FieldsSeq(line) {
			if name, ok := strings.CutPrefix(field, "name="); ok && name != "redistest" {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return list
}

func TestNodeHasThreeConnections(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	startNode(t, newEngine(t, s.URL(), "api-1"))
	startNode(t, newEngine(t, s.URL(), "api-2"))
	want := []string{"chatnode:api-1:data", "chatnode:api-1:pub", "chatnode:api-1:sub", "chatnode:api-2:data", "chatnode:api-2:pub", "chatnode:api-2:sub"}
	if got := connNames(t, s); !slices.Equal(got, want) {
		t.Fatalf("connections:\n got %v\nwant %v", got, want)
	}
}

// TestGuideCommands runs the commands of the operations guide as an operator types them.
func TestGuideCommands(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	startNode(t, newEngine(t, s.URL(), "api-1"))
	startNode(t, newEngine(t, s.URL(), "api-2"))
	for _, c := range []struct{ command, want string }{
		{"PUBSUB NUMSUB chat:pubsub:global:broadcast", "[chat:pubsub:global:broadcast 2]"},
		{"ZCARD chat:presence:global:members", "1"},
		{"ZRANGE chat:presence:global:members 0 -1", "[u1]"},
		{"ZRANGE chat:instances 0 -1", "[api-1 api-2]"},
		{"TTL chat:instances:api-1", "30"},
		{"TTL chat:presence:global:members", "120"},
		{"DEL chat:presence:global:guests", "0"},
	} {
		args := []any{}
		for arg := range strings.FieldsSeq(c.command) {
			args = append(args, arg)
		}
		got := fmt.Sprint(s.Do(t, args...))
		if left, limit := 0, 0; strings.HasPrefix(c.command, "TTL") {
			_, _ = fmt.Sscan(got, &left)
			_, _ = fmt.Sscan(c.want, &limit)
			if left < limit-10 || left > limit {
				t.Errorf("%s: %s, want about %s", c.command, got, c.want)
			}
		} else if got != c.want {
			t.Errorf("%s: %s, want %s", c.command, got, c.want)
		}
	}
	channels := fmt.Sprint(s.Do(t, "PUBSUB", "CHANNELS", "chat:*"))
	for _, name := range []string{"global:broadcast", "global:presence", "global:control", "probe:api-1", "probe:api-2"} {
		if !strings.Contains(channels, "chat:pubsub:"+name) {
			t.Errorf("PUBSUB CHANNELS chat:*: %s lacks %s", channels, name)
		}
	}
}

func TestServerClosesIdleConnections(t *testing.T) {
	s := redistest.Start(t, redistest.Config{Lines: []string{"timeout 1"}})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	waitUntil(t, "Redis to close idle connections", func() bool {
		return slices.Equal(connNames(t, s), []string{"chatnode:api-1:sub"})
	})
	for i, call := range []func() error{
		func() error {
			_, err := p.appender.Append(ctx(t), []chat.Write{message("global", "1-idle-1")})
			return err
		},
		func() error { _, err := p.store.Heartbeat(ctx(t), 1); return err },
	} {
		if err := call(); err != nil {
			if err = call(); err != nil {
				t.Fatalf("call %d failed twice after the idle connection was closed: %v", i, err)
			}
		}
	}
	nextEvent[*chat.Delivered](t, p.events)
}

func TestMissingScriptsAreResent(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	for round := range 3 {
		s.Do(t, "SCRIPT", "FLUSH")
		var batch []chat.Write
		for i := range 20 {
			batch = append(batch, message(fmt.Sprintf("room-%d", i%4), fmt.Sprintf("0-flush%d-%d", round, i)))
		}
		receipts := must(p.appender.Append(context.Background(), batch))(t, "append")
		for i, r := range receipts {
			if want := uint64(round*5 + i/4 + 1); r.Seq != want || r.Duplicate {
				t.Fatalf("receipt %d of round %d: %+v, want seq %d", i, round, r, want)
			}
		}
	}
}
