package redisbus_test

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

func TestErrorReplyCauses(t *testing.T) {
	for _, c := range []struct {
		want  string
		setup [][]any
	}{
		{redisbus.OutOfMemory, [][]any{{"CONFIG", "SET", "maxmemory-policy", "noeviction"}, {"CONFIG", "SET", "maxmemory", "1"}}},
		{redisbus.ReadOnly, [][]any{{"REPLICAOF", "127.0.0.1", "1"}}},
		{redisbus.NoPerm, [][]any{{"ACL", "SETUSER", "default", "-evalsha"}}},
		{redisbus.MasterDown, [][]any{{"CONFIG", "SET", "min-replicas-to-write", "1"}}},
	} {
		s := redistest.Start(t, redistest.Config{})
		p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts))
		for _, args := range c.setup {
			s.Do(t, args...)
		}
		_, err := p.appender.Append(ctx(t), []chat.Write{message("global", "1-refused-1")})
		if name, sentence := redisbus.Cause(err); name != c.want || sentence == "" {
			t.Errorf("after %v: %v, cause %q, want %q", c.setup, err, name, c.want)
		}
	}
}

func TestStaleReplica(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts))
	s.Do(t, "CONFIG", "SET", "replica-serve-stale-data", "no")
	s.Do(t, "REPLICAOF", "127.0.0.1", "1")
	_, _, err := p.store.Roster(ctx(t), "global", "", 10)
	if name, _ := redisbus.Cause(err); name != redisbus.MasterDown {
		t.Errorf("read from a replica without master: %v, cause %q, want %q", err, name, redisbus.MasterDown)
	}
}

func TestReadsWorkWithoutMemory(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	s.Do(t, "CONFIG", "SET", "maxmemory", "1")
	page := must(p.store.Range(ctx(t), chat.Query{Room: "global", Limit: 10}))(t, "range")
	if page.Seq != 1 || len(page.Entries) != 1 {
		t.Errorf("page %+v, want one entry", page)
	}
	if err := p.appender.PublishSignals(ctx(t), []chat.Signal{{Control: &chat.Control{Op: "disconnect", UserID: "u"}}}); err != nil {
		t.Errorf("signal: %v", err)
	}
}

// TestLostKeys: a room that lost its position continues after its log with a new epoch. A room that lost its log
// continues after its position.
func TestLostKeys(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	for i := range 5 {
		must(p.appender.Append(ctx(t), []chat.Write{message("a", fmt.Sprintf("%d-lost-1", i))}))(t, "append")
	}
	before := must(p.store.Range(ctx(t), chat.Query{Room: "a", Limit: 10}))(t, "range")
	s.Do(t, "DEL", "chat:meta:a")
	after := must(p.store.Range(ctx(t), chat.Query{Room: "a", Limit: 10}))(t, "range")
	if after.Epoch == before.Epoch || after.Seq != 5 || len(after.Entries) != 5 {
		t.Errorf("without position: %+v, want five entries in a new epoch", after)
	}
	s.Do(t, "DEL", "chat:log:a")
	empty := must(p.store.Range(ctx(t), chat.Query{Room: "a", Limit: 10}))(t, "range")
	if empty.Epoch != after.Epoch || empty.Seq != 5 || empty.First != 6 || len(empty.Entries) != 0 || empty.More {
		t.Errorf("without log: %+v, want no entries and seq 5", empty)
	}
	if r := must(p.appender.Append(ctx(t), []chat.Write{message("a", "5-lost-2")}))(t, "append"); r[0].Seq != 6 {
		t.Errorf("receipt %+v, want seq 6", r[0])
	}
}
