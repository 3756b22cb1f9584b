package redisbus_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// redisTime returns the time of Redis in ms.
func redisTime(t testing.TB, s *redistest.Server) int64 {
	t.Helper()
	return must(s.Client().Time(ctx(t)).Result())(t, "time").UnixMilli()
}

// messages returns n messages to each of the rooms, alternating between the rooms.
func messages(round string, n int, rooms ...string) (batch []chat.Write) {
	for i := range n {
		for _, room := range rooms {
			batch = append(batch, message(room, fmt.Sprintf("0-%s%s-%x", round, room, i)))
		}
	}
	return batch
}

// checkStored asserts that the batch was stored in order, directly after the first `had` entries of each room.
func checkStored(t *testing.T, store *redisbus.Store, had int, batch []chat.Write, receipts []chat.Receipt) {
	t.Helper()
	next := map[string]uint64{}
	for i, r := range receipts {
		room := batch[i].Room
		next[room]++
		if want := uint64(had) + next[room]; r.Seq != want || r.Duplicate || r.ID != batch[i].ID {
			t.Errorf("receipt %d: %+v, want seq %d of %s", i, r, want, batch[i].ID)
		}
	}
	for room, n := range next {
		page := must(store.Range(ctx(t), chat.Query{Room: room, Limit: 1000}))(t, "range")
		if len(page.Entries) != had+int(n) {
			t.Errorf("%s has %d entries, want %d", room, len(page.Entries), had+int(n))
		}
		at := had
		for _, w := range batch {
			if w.Room != room {
				continue
			}
			if e := page.Entries[at]; e.ID != w.ID {
				t.Errorf("%s: entry %d is %s, want %s", room, e.Seq, e.ID, w.ID)
			}
			at++
		}
	}
}

func scriptCalls(t testing.TB, s *redistest.Server) int {
	t.Helper()
	calls := infoStats(t, s, "commandstats")
	return calls["evalsha"] + calls["eval"]
}

// TestExpiredAppendIsNotStored: an append after its deadline changes nothing, and a retry with its key is stored.
func TestExpiredAppendIsNotStored(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	before := fmt.Sprint(s.Do(t, "KEYS", "*"))
	now := redisTime(t, s)
	write := message("global", "0-expired-1")
	times := must(p.appender.AppendWithDeadline(ctx(t), now-1, []chat.Write{write, message("den", "0-expired-2")}))(t, "append")
	if len(times) != 2 || times[0] < now || times[0] > now+waitTimeout.Milliseconds() {
		t.Errorf("times in the replies: %v, want two of about %d", times, now)
	}
	if keys := fmt.Sprint(s.Do(t, "KEYS", "*")); keys != before {
		t.Errorf("keys before %s, after an expired append %s", before, keys)
	}
	deadline := now + waitTimeout.Milliseconds()
	if times := must(p.appender.AppendWithDeadline(ctx(t), deadline, []chat.Write{write}))(t, "append in time"); len(times) != 0 {
		t.Errorf("an append before its deadline was rejected at %v", times)
	}
	if d := nextEvent[*chat.Delivered](t, p.events); d.Entry.ID != write.ID || d.Entry.Seq != 2 {
		t.Errorf("received %+v first, want the append before its deadline, with seq 2", d)
	}
}

// TestAbandonedAppendIsNotStored: Redis hangs during an append and receives it later, after its deadline.
func TestAbandonedAppendIsNotStored(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", shortTimeouts, func(o *redisbus.Options) { o.IdempotencyWindow = time.Second }))
	s.Pause(t)
	if _, err := p.appender.Append(ctx(t), []chat.Write{message("global", "0-up-1")}); err == nil {
		t.Fatal("append to a hung server succeeded")
	}
	<-time.After(600 * time.Millisecond) // more than a quarter of the window
	s.Resume(t)
	waitUntil(t, "Redis to reject the append", func() bool {
		return strings.Contains(fmt.Sprint(s.Do(t, "INFO", "errorstats")), "errorstat_DEADLINE:count=1\r")
	})
	if got := fmt.Sprint(s.Do(t, "XLEN", "chat:log:global")); got != "1" {
		t.Errorf("the log has %s entries, want 1", got)
	}
	if r := must(p.appender.Append(ctx(t), []chat.Write{message("global", "0-up-1")}))(t, "append again"); r[0].Seq != 2 || r[0].Duplicate {
		t.Errorf("receipt %+v of the retry, want seq 2", r[0])
	}
}

// TestWrongClockIsCorrected: the reply corrects a wrong estimate of the time of Redis, and Append succeeds.
func TestWrongClockIsCorrected(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := newEngine(t, s.URL(), "api-1")
	p := startNode(t, e)
	if err := p.subscriber.Subscribe(ctx(t), "den"); err != nil {
		t.Fatal(err)
	}
	before := messages("before", 3, "den")
	checkStored(t, p.store, 0, before, must(p.appender.Append(ctx(t), before))(t, "append"))
	e.SetRedisTime(redisTime(t, s) - time.Hour.Milliseconds())
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := messages("behind", 40, "den")
	receipts := must(p.appender.Append(ctx(t), batch))(t, "append an hour behind")
	if n := scriptCalls(t, s); n != 2 {
		t.Errorf("%d scripts, want 2: the expired one and its retry", n)
	}
	checkStored(t, p.store, 3, batch, receipts)
	for _, w := range append(before, batch...) {
		if d := nextEvent[*chat.Delivered](t, p.events); d.Entry.ID != w.ID {
			t.Fatalf("received %s, want %s", d.Entry.ID, w.ID)
		}
	}
	s.Do(t, "CONFIG", "RESETSTAT")
	must(p.appender.Append(ctx(t), messages("after", 1, "den")))(t, "append once more")
	if n := scriptCalls(t, s); n != 1 {
		t.Errorf("%d scripts, want 1 after the correction", n)
	}
}

// TestRepliesSetClock: replies of appends and heartbeats contain the time of Redis and set the estimate.
func TestRepliesSetClock(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	for name, call := range map[string]func(e *redisbus.Engine) error{
		"an append": func(e *redisbus.Engine) error {
			_, err := closeOnCleanup(t, e.NewAppender()).Append(ctx(t), messages("first", 1, "global"))
			return err
		},
		"a heartbeat": func(e *redisbus.Engine) error {
			_, err := closeOnCleanup(t, e.NewStore()).Heartbeat(ctx(t), 0)
			return err
		},
	} {
		e := newEngine(t, s.URL(), "api-1")
		if at := e.RedisTime(); at != 0 {
			t.Errorf("before %s the estimate is %d, want 0", name, at)
		}
		low := redisTime(t, s)
		if err := call(e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		at := e.RedisTime()
		if high := redisTime(t, s); at < low-1 || at > high+1 {
			t.Errorf("after %s the estimate is %d, want %d to %d", name, at, low, high)
		}
	}
}

// TestUnknownClockSetsNoDeadline: as long as the time of Redis is unknown, appends have no deadline.
func TestUnknownClockSetsNoDeadline(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := newEngine(t, s.URL(), "api-1")
	p := startNode(t, e)
	if times := must(p.appender.AppendWithDeadline(ctx(t), 0, messages("none", 1, "den")))(t, "append"); len(times) != 0 {
		t.Errorf("an append without deadline was rejected at %v", times)
	}
	e.SetRedisTime(0)
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := messages("unknown", 5, "den")
	receipts := must(p.appender.Append(ctx(t), batch))(t, "append")
	if n := scriptCalls(t, s); n != 1 {
		t.Errorf("%d scripts, want 1", n)
	}
	checkStored(t, p.store, 1, batch, receipts)
}

// TestOnlyExpiredCallsAreResent: of a batch for several rooms, Append resends only the expired calls.
func TestOnlyExpiredCallsAreResent(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	rooms := manyRooms[1:]
	must(p.appender.Append(ctx(t), messages("before", 1, rooms...)))(t, "append")
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := messages("some", 6, rooms...)
	receipts := must(p.appender.AppendExpired(ctx(t), batch, rooms[0], rooms[3], rooms[6]))(t, "append")
	if n := scriptCalls(t, s); n != len(rooms)+3 {
		t.Errorf("%d scripts, want one for each of %d rooms and 3 retries", n, len(rooms))
	}
	checkStored(t, p.store, 1, batch, receipts)
}

// TestWrongClockIsCorrectedInCluster: each master of a Cluster replies with the time of its own clock.
func TestWrongClockIsCorrectedInCluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	e := newEngine(t, c.URL(), "api-1")
	p := startNode(t, e)
	rooms := manyRooms[1:]
	for round := range 2 {
		e.SetRedisTime(redisTime(t, c.Masters[0]) - time.Hour.Milliseconds())
		batch := messages(fmt.Sprint("round", round), 6, rooms...)
		checkStored(t, p.store, 6*round, batch, must(p.appender.Append(ctx(t), batch))(t, "append an hour behind"))
	}
	batch := messages("some", 6, rooms...)
	checkStored(t, p.store, 12, batch, must(p.appender.AppendExpired(ctx(t), batch, rooms[1], rooms[2]))(t, "append"))
}

// TestEveryCallExpires: if all retries exceed the deadline, Append fails with cause Timeout.
func TestEveryCallExpires(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.IdempotencyWindow = time.Second })
	p := startNode(t, e)
	p.appender.SetDeadline(-time.Hour.Milliseconds())
	_, err := p.appender.Append(ctx(t), messages("never", 1, "den"))
	if name, sentence := redisbus.Cause(err); name != redisbus.Timeout || sentence == "" {
		t.Errorf("append: %v, cause %q, want %q", err, name, redisbus.Timeout)
	}
	if got := fmt.Sprint(s.Do(t, "EXISTS", "chat:log:den")); got != "0" {
		t.Error("an expired append was stored")
	}
}

// TestKeysOutlastLastRetry: a client may retry until the end of the window, and its journal and the network may delay
// the retry. Therefore a key is known for 1.5 windows, wherever in a bucket it was stored (INV-3).
func TestKeysOutlastLastRetry(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.IdempotencyWindow = time.Second }))
	checked, n := 0, 0
	waitUntil(t, "retries within 1.5 windows", func() bool {
		var first []chat.Receipt
		for range 5 {
			first = append(first, must(p.appender.Append(ctx(t), []chat.Write{message("den", fmt.Sprintf("0-try-%x", n+len(first)))}))(t, "append")...)
			<-time.After(100 * time.Millisecond)
		}
		for _, r := range first {
			for redisTime(t, s) < r.At+1400 {
				<-time.After(5 * time.Millisecond)
			}
			again := must(p.appender.Append(ctx(t), []chat.Write{message("den", fmt.Sprintf("0-try-%x", n))}))(t, "append again")[0]
			if n++; redisTime(t, s) > r.At+1500 {
				continue // the machine was too slow for this one
			}
			if checked++; !again.Duplicate || again.Seq != r.Seq {
				t.Fatalf("receipt %+v of a retry %d ms after %+v, want a duplicate", again, again.At-r.At, r)
			}
		}
		return checked >= 5
	})
}
