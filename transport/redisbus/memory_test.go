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

// memoryUsage returns the total memory of the keys that match pattern, in bytes, and their number.
func memoryUsage(t testing.TB, s *redistest.Server, pattern string) (total, n int64) {
	t.Helper()
	for _, key := range s.Do(t, "KEYS", pattern).([]any) {
		total += s.Do(t, "MEMORY", "USAGE", key, "SAMPLES", 0).(int64)
		n++
	}
	return total, n
}

// presentUsers returns n users of a role. Their ids have 12 bytes, a typical length.
func presentUsers(role string, n int) []chat.PresentUser {
	list := make([]chat.PresentUser, n)
	for i := range list {
		list[i] = chat.PresentUser{UserID: fmt.Sprintf("user-%s-%04d", role[:2], i), Role: role}
	}
	return list
}

// TestMemoryOfPresenceAndRegistry uses the example of the operations guide: 1,000 users on 10 instances, < 200 KB.
func TestMemoryOfPresenceAndRegistry(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	const users, nodes = 1000, 10
	everyone := append(append(presentUsers("guest", users/4), presentUsers("member", users/2)...), presentUsers("admin", users/4)...)
	for i := range nodes {
		store := closeOnCleanup(t, newEngine(t, s.URL(), fmt.Sprintf("api-pod-%d", i)).NewStore())
		mine := everyone[i*users/nodes : (i+1)*users/nodes]
		must(store.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: mine}}))(t, "presence")
		must(store.Heartbeat(ctx(t), 100))(t, "heartbeat")
	}
	presence, _ := memoryUsage(t, s, "chat:presence:*")
	instances, keys := memoryUsage(t, s, "chat:instances*")
	t.Logf("presence: %d B for %d users, %d B each; registry: %d B for %d instances, %d B each",
		presence, users, presence/users, instances, nodes, instances/nodes)
	if presence/users > 110 {
		t.Errorf("%d B per present user, want at most 110", presence/users)
	}
	if instances/nodes > 350 || keys != nodes+1 {
		t.Errorf("%d B per instance in %d keys, want at most 350 in %d", instances/nodes, keys, nodes+1)
	}
	if presence+instances > 200_000 {
		t.Errorf("%d B in total, want at most 200 KB", presence+instances)
	}
}

func TestMemoryOfIdempotencyKeys(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewAppender())
	for _, n := range []int{100, 900, 9_000, 20_000} {
		for i := range n / 100 {
			batch := make([]chat.Write, 100)
			for k := range batch {
				id := fmt.Sprintf("%x-1a2b3c4d-%x", i*100+k, n*1000+i*100+k)
				batch[k] = message("global", id)
				batch[k].Key = "user-0123456789/client-message-" + id
			}
			must(a.Append(context.Background(), batch))(t, "append")
		}
		bytes, _ := memoryUsage(t, s, "chat:idem:*")
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
			t.Errorf("TTL of %v is %d s, want 180 to 270 (two to three buckets)", key, left)
		}
	}
}

// TestIdempotencyHashesExpire: every new hash of idempotency keys gets a TTL, whatever kind of write creates it, also
// after an eviction. Later writes do not renew the TTL.
func TestIdempotencyHashesExpire(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewAppender())
	add := func(writes ...chat.Write) {
		t.Helper()
		must(a.Append(ctx(t), writes))(t, "append")
	}
	add(message("global", "0-first-1"))
	for i, step := range []func(){
		func() { add(message("global", "0-second-2"), message("global", "0-third-3")) },
		func() {
			add(chat.Write{Room: "global", Kind: chat.EntryEdit, ID: "0-edit-4", Key: "edit", Target: "0-first-1", Text: "new", Author: alice})
		},
		func() {
			again := message("global", "0-fourth-5")
			again.Tried = true
			add(again)
		},
	} {
		step()
		for _, key := range s.Do(t, "KEYS", "chat:idem:*").([]any) {
			if left := s.Do(t, "PTTL", key).(int64); left <= 0 {
				t.Errorf("step %d: %v has no TTL: %d", i, key, left)
			}
			s.Do(t, "DEL", key)
		}
	}
	calls := infoStats(t, s, "commandstats")
	add(message("global", "0-fifth-6"))
	add(message("global", "0-sixth-7"))
	n := infoStats(t, s, "commandstats")["pexpire"] - calls["pexpire"]
	if n < 1 || n > 2 { // 2 if a bucket ends between them
		t.Errorf("%d PEXPIRE for two messages, want 1 for the first message", n)
	}
}

// TestUnwrittenRoomExpires: the position of a room expires until the first write, and never after it.
func TestUnwrittenRoomExpires(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := newEngine(t, s.URL(), "api-1")
	a, store := closeOnCleanup(t, e.NewAppender()), closeOnCleanup(t, e.NewStore())
	ttl := func(room string) int64 { return s.Do(t, "PTTL", "chat:meta:"+room).(int64) }
	for _, room := range []string{"unwritten", "global", "floor"} {
		empty := must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read")
		if n := ttl(room); n <= 0 {
			t.Errorf("the position of an empty room has no TTL: %d", n)
		}
		s.Do(t, "PEXPIRE", "chat:meta:"+room, 60_000)
		again := must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read again")
		if again.Epoch != empty.Epoch || ttl(room) <= 60_000 {
			t.Errorf("after a read the TTL is %d ms, and the epoch %q, was %q", ttl(room), again.Epoch, empty.Epoch)
		}
		switch room {
		case "global":
			if r := must(a.Append(ctx(t), []chat.Write{message(room, "0-first-1")}))(t, "append")[0]; r.Epoch != empty.Epoch || r.Seq != 1 {
				t.Errorf("receipt %+v, want seq 1 of epoch %q", r, empty.Epoch)
			}
		case "floor":
			w := message(room, "0-floor-1")
			w.Floor = chat.Floor{Epoch: empty.Epoch, Seq: 7}
			if r := must(a.Append(ctx(t), []chat.Write{w}))(t, "append"); r[0].Epoch != empty.Epoch || r[0].Seq != 8 {
				t.Errorf("receipt %+v, want seq 8 of epoch %q", r[0], empty.Epoch)
			}
		default:
			continue
		}
		must(store.Range(ctx(t), chat.Query{Room: room, Newest: true, Limit: 10}))(t, "read")
		if n := ttl(room); n != -1 {
			t.Errorf("the position of the written room %s has a TTL of %d ms", room, n)
		}
	}
}

// TestLogIsTrimmed: the log retains its history size and few more entries, for messages and edits.
func TestLogIsTrimmed(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	const history, spare = 200, 128 + 100
	e := newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.HistorySize = history })
	a := closeOnCleanup(t, e.NewAppender())
	for i := range 300 {
		id := fmt.Sprintf("%x-message-%d", 2*i, i)
		must(a.Append(ctx(t), []chat.Write{message("global", id)}))(t, "append")
		must(a.Append(ctx(t), []chat.Write{{Room: "global", Kind: chat.EntryEdit, ID: fmt.Sprintf("%x-edit-%d", 2*i, i), Target: id, Text: "new", Author: alice}}))(t, "edit")
		if n := s.Do(t, "XLEN", "chat:log:global").(int64); n < min(int64(2*i+2), history) || n > history+spare {
			t.Fatalf("%d entries after %d writes, want at least %d and at most %d more", n, 2*i+2, history, spare)
		}
	}
}

// TestEvictionUnderMemoryPressure: allkeys-lru may evict any key at any time. Appends still succeed. A room that lost
// its position gets a new epoch, and no seq is used twice in an epoch.
func TestEvictionUnderMemoryPressure(t *testing.T) {
	s := redistest.Start(t, redistest.Config{Lines: []string{"maxmemory 4mb", "maxmemory-policy allkeys-lru", "timeout 300", "tcp-keepalive 60"}})
	e := newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.HistorySize = 100 })
	a, store := closeOnCleanup(t, e.NewAppender()), closeOnCleanup(t, e.NewStore())
	last := map[string]chat.Receipt{}
	for i := range 400 {
		batch := make([]chat.Write, 50)
		for k := range batch {
			batch[k] = message(fmt.Sprintf("room-%d", (i*50+k)%200), fmt.Sprintf("%x-evict-%x", i, i*50+k))
			batch[k].Text = strings.Repeat("text ", 40)
		}
		for k, r := range must(a.Append(context.Background(), batch))(t, "append") {
			if was := last[batch[k].Room]; was.Epoch == r.Epoch && r.Seq <= was.Seq {
				t.Fatalf("receipt %+v after %+v: seq did not increase", r, was)
			}
			last[batch[k].Room] = r
		}
	}
	if evicted := fmt.Sprint(s.Do(t, "INFO", "stats")); strings.Contains(evicted, "evicted_keys:0\r") {
		t.Fatal("no key was evicted, so the test checks nothing")
	}
	for room := range last {
		p := must(store.Range(ctx(t), chat.Query{Room: room, Limit: 1000}))(t, "range")
		for i, entry := range p.Entries {
			if entry.Seq != p.First+uint64(i) {
				t.Fatalf("%s: entry %d has seq %d, want consecutive seqs from %d", room, i, entry.Seq, p.First)
			}
		}
	}
}
