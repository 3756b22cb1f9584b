package redisbus_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// usage is the memory of the keys of a pattern, in bytes, and how many they are.
func usage(t testing.TB, s *redistest.Server, pattern string) (total, n int64) {
	t.Helper()
	for _, key := range s.Do(t, "KEYS", pattern).([]any) {
		total += s.Do(t, "MEMORY", "USAGE", key, "SAMPLES", 0).(int64)
		n++
	}
	return total, n
}

// present makes n users of a role. Ids of 12 bytes are what a user table gives.
func present(role string, n int) []chat.PresentUser {
	list := make([]chat.PresentUser, n)
	for i := range list {
		list[i] = chat.PresentUser{UserID: fmt.Sprintf("user-%s-%04d", role[:2], i), Role: role}
	}
	return list
}

// 1,000 users on 10 instances: the example of the operations guide, < 200 KB in total.
func TestMemoryOfPresenceAndRegistry(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	const users, nodes = 1000, 10
	everyone := append(append(present("guest", users/4), present("member", users/2)...), present("admin", users/4)...)
	for i := range nodes {
		store := closing(t, node(t, s.URL(), fmt.Sprintf("api-pod-%d", i)).Store())
		mine := everyone[i*users/nodes : (i+1)*users/nodes]
		must(store.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: mine}}))(t, "presence")
		must(store.Heartbeat(ctx(t), 100))(t, "beat")
	}
	people, _ := usage(t, s, "chat:presence:*")
	instances, keys := usage(t, s, "chat:instances*")
	t.Logf("presence: %d B for %d users, %d B each; registry: %d B for %d instances, %d B each", people, users, people/users, instances, nodes, instances/nodes)
	if people/users > 110 {
		t.Errorf("%d B per present user, want at most 110", people/users)
	}
	if instances/nodes > 350 || keys != nodes+1 {
		t.Errorf("%d B per instance in %d keys, want at most 350 in %d", instances/nodes, keys, nodes+1)
	}
	if people+instances > 200_000 {
		t.Errorf("%d B in total, want less than 200 KB", people+instances)
	}
}

func TestMemoryOfIdempotencyKeys(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closing(t, node(t, s.URL(), "api-1").Appender())
	for _, n := range []int{100, 900, 9_000, 20_000} {
		for i := range n / 100 {
			batch := make([]chat.Write, 100)
			for k := range batch {
				id := fmt.Sprintf("%x-1a2b3c4d-%x", i*100+k, n*1000+i*100+k)
				batch[k] = say("global", id)
				batch[k].Key = "user-0123456789/client-message-" + id
			}
			must(a.Append(context.Background(), batch))(t, "append")
		}
		bytes, _ := usage(t, s, "chat:idem:*")
		count := int64(0)
		for _, key := range s.Do(t, "KEYS", "chat:idem:*").([]any) {
			count += s.Do(t, "HLEN", key).(int64)
		}
		t.Logf("idempotency: %d B for %d messages, %d B each", bytes, count, bytes/count)
		if bytes/count > 100 {
			t.Errorf("%d B per message, want at most 100", bytes/count)
		}
	}
	for _, key := range s.Do(t, "KEYS", "chat:idem:*").([]any) {
		if left := s.Do(t, "TTL", key).(int64); left < 180 || left > 270 {
			t.Errorf("TTL %v is %d s, want 180 to 270: one and a half of the window, and a bucket", key, left)
		}
	}
}

// A hash of idempotency keys expires whoever began it, and once more where it was evicted and begun anew: nothing
// would ever take it away else. Later messages do not put that off.
func TestIdempotencyHashesExpire(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closing(t, node(t, s.URL(), "api-1").Appender())
	add := func(writes ...chat.Write) {
		t.Helper()
		must(a.Append(ctx(t), writes))(t, "append")
	}
	add(say("global", "0-first-1"))
	for i, step := range []func(){
		func() { add(say("global", "0-second-2"), say("global", "0-third-3")) },
		func() {
			add(chat.Write{Room: "global", Kind: chat.EntryEdit, ID: "0-edit-4", Key: "edit", Target: "0-first-1", Text: "new", Author: alice})
		},
		func() {
			again := say("global", "0-fourth-5")
			again.Tried = true
			add(again)
		},
	} {
		step()
		for _, key := range s.Do(t, "KEYS", "chat:idem:*").([]any) {
			if left := s.Do(t, "PTTL", key).(int64); left <= 0 {
				t.Errorf("step %d: %v never expires: %d", i, key, left)
			}
			s.Do(t, "DEL", key)
		}
	}
	calls := stats(t, s, "commandstats")
	add(say("global", "0-fifth-6"))
	add(say("global", "0-sixth-7"))
	if n := stats(t, s, "commandstats")["pexpire"] - calls["pexpire"]; n < 1 || n > 2 { // two where a bucket ends between them
		t.Errorf("%d times PEXPIRE for two messages, want it for the first alone", n)
	}
}

// Who joins one room after the other leaves nothing in Redis for ever. What was written to stays, however its first seq came about.
func TestARoomThatNothingWasWrittenToIsForgotten(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := node(t, s.URL(), "api-1")
	a, store := closing(t, e.Appender()), closing(t, e.Store())
	left := func(room string) int64 { return s.Do(t, "PTTL", "chat:meta:"+room).(int64) }
	for _, room := range []string{"silent", "global", "restored"} {
		empty := must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read")
		if n := left(room); n <= 0 {
			t.Errorf("what is known of an empty room never expires: %d", n)
		}
		s.Do(t, "PEXPIRE", "chat:meta:"+room, 60_000)
		if again := must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read"); again.Epoch != empty.Epoch || left(room) <= 60_000 {
			t.Errorf("a room that is looked at again has %d ms left, and went from epoch %q to %q", left(room), empty.Epoch, again.Epoch)
		}
		switch room {
		case "global":
			if r := must(a.Append(ctx(t), []chat.Write{say(room, "0-first-1")}))(t, "append")[0]; r.Epoch != empty.Epoch || r.Seq != 1 {
				t.Errorf("stored at %+v, want seq 1 of epoch %q", r, empty.Epoch)
			}
		case "restored":
			if p := must(a.Advance(ctx(t), room, empty.Epoch, 7))(t, "advance"); p.Epoch != empty.Epoch || p.Seq != 7 {
				t.Errorf("advanced to %+v, want seq 7 of epoch %q", p, empty.Epoch)
			}
		default:
			continue
		}
		must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read")
		if n := left(room); n != -1 {
			t.Errorf("the position of %s, which was written to, expires in %d ms", room, n)
		}
	}
}

// The log keeps what it has to and little more, whatever it is that makes it grow.
func TestLogIsTrimmed(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	const history, spare = 200, 128 + 100
	e := node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.HistorySize = history })
	a := closing(t, e.Appender())
	for i := range 300 {
		id := fmt.Sprintf("%x-said-%d", 2*i, i)
		must(a.Append(ctx(t), []chat.Write{say("global", id)}))(t, "append")
		must(a.Append(ctx(t), []chat.Write{{Room: "global", Kind: chat.EntryEdit, ID: fmt.Sprintf("%x-edit-%d", 2*i, i), Target: id, Text: "new", Author: alice}}))(t, "edit")
		if n := s.Do(t, "XLEN", "chat:log:global").(int64); n < min(int64(2*i+2), history) || n > history+spare {
			t.Fatalf("%d entries after %d, want %d and at most %d more", n, 2*i+2, history, spare)
		}
	}
}

// allkeys-lru may take any key at any time: the engine goes on, and a room that lost its position
// gets a new epoch and never a seq twice.
func TestEvictionUnderMemoryPressure(t *testing.T) {
	s := redistest.Start(t, redistest.Config{Lines: []string{"maxmemory 4mb", "maxmemory-policy allkeys-lru", "timeout 300", "tcp-keepalive 60"}})
	e := node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.HistorySize = 100 })
	a, store := closing(t, e.Appender()), closing(t, e.Store())
	last := map[string]chat.Receipt{}
	for i := range 400 {
		batch := make([]chat.Write, 50)
		for k := range batch {
			batch[k] = say(fmt.Sprintf("room-%d", (i*50+k)%200), fmt.Sprintf("%x-evict-%x", i, i*50+k))
			batch[k].Text = strings.Repeat("text ", 40)
		}
		for k, r := range must(a.Append(context.Background(), batch))(t, "append") {
			if was := last[batch[k].Room]; was.Epoch == r.Epoch && r.Seq <= was.Seq {
				t.Fatalf("receipt %+v after %+v: a seq was given out twice", r, was)
			}
			last[batch[k].Room] = r
		}
	}
	if evicted := fmt.Sprint(s.Do(t, "INFO", "stats")); strings.Contains(evicted, "evicted_keys:0\r") {
		t.Fatal("nothing was evicted: the test proves nothing")
	}
	for room := range last {
		p := must(store.Range(ctx(t), chat.Query{Room: room, Limit: 1000}))(t, "range")
		for i, entry := range p.Entries {
			if entry.Seq != p.First+uint64(i) {
				t.Fatalf("%s: entry %d has seq %d, want no gap from %d", room, i, entry.Seq, p.First)
			}
		}
	}
}
