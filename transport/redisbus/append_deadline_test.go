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

// redisTime is Redis's clock, in ms.
func redisTime(t testing.TB, s *redistest.Server) int64 {
	t.Helper()
	return must(s.Client().Time(ctx(t)).Result())(t, "time").UnixMilli()
}

// several makes n messages to each of the rooms, in turn.
func several(round string, n int, rooms ...string) (batch []chat.Write) {
	for i := range n {
		for _, room := range rooms {
			batch = append(batch, say(room, fmt.Sprintf("0-%s%s-%x", round, room, i)))
		}
	}
	return batch
}

// inOrder asserts that the batch was stored right behind what each room had, in its order, and stands so.
func inOrder(t *testing.T, store *redisbus.Store, had int, batch []chat.Write, receipts []chat.Receipt) {
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
			t.Errorf("%s holds %d entries, want %d", room, len(page.Entries), had+int(n))
		}
		at := had
		for _, w := range batch {
			if w.Room != room {
				continue
			}
			if e := page.Entries[at]; e.ID != w.ID {
				t.Errorf("%s has %s at %d, want %s", room, e.ID, e.Seq, w.ID)
			}
			at++
		}
	}
}

func scriptsRun(t testing.TB, s *redistest.Server) int {
	t.Helper()
	calls := stats(t, s, "commandstats")
	return calls["evalsha"] + calls["eval"]
}

// What comes after its deadline leaves no trace, and its key is free for a later try.
func TestWhatIsLateIsNotStored(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	had := fmt.Sprint(s.Do(t, "KEYS", "*"))
	now := redisTime(t, s)
	write := say("global", "0-late-1")
	named := must(p.appender.AppendBy(ctx(t), now-1, []chat.Write{write, say("den", "0-late-2")}))(t, "append")
	if len(named) != 2 || named[0] < now || named[0] > now+patience.Milliseconds() {
		t.Errorf("the calls were told %v, want the time of Redis, %d and a little, twice", named, now)
	}
	if keys := fmt.Sprint(s.Do(t, "KEYS", "*")); keys != had {
		t.Errorf("there were the keys %s, and after a late append %s", had, keys)
	}
	if named := must(p.appender.AppendBy(ctx(t), now+patience.Milliseconds(), []chat.Write{write}))(t, "append in time"); len(named) != 0 {
		t.Errorf("an append in time was called late at %v", named)
	}
	if d := next[*chat.Delivered](t, p.heard); d.Entry.ID != write.ID || d.Entry.Seq != 2 {
		t.Errorf("heard %+v first, want the append that was in time, at 2", d)
	}
}

// An append that was given up while Redis hung is taken by Redis when it goes on, and not stored.
func TestAppendThatWasGivenUp(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", quick, func(o *redisbus.Options) { o.IdempotencyWindow = time.Second }))
	s.Pause(t)
	if _, err := p.appender.Append(ctx(t), []chat.Write{say("global", "0-up-1")}); err == nil {
		t.Fatal("a hung server took an append")
	}
	<-time.After(600 * time.Millisecond) // a quarter of the window, and more
	s.Resume(t)
	until(t, "Redis to refuse the append as late", func() bool {
		return strings.Contains(fmt.Sprint(s.Do(t, "INFO", "errorstats")), "errorstat_LATE:count=1\r")
	})
	if got := fmt.Sprint(s.Do(t, "XLEN", "chat:log:global")); got != "1" {
		t.Errorf("the log holds %s entries, want 1", got)
	}
	if r := must(p.appender.Append(ctx(t), []chat.Write{say("global", "0-up-1")}))(t, "append again"); r[0].Seq != 2 || r[0].Duplicate {
		t.Errorf("receipt %+v of the next try, want seq 2", r[0])
	}
}

// A node that is wrong about Redis's clock is told so, and its user does not notice.
func TestAWrongClockHeals(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := node(t, s.URL(), "api-1")
	p := start(t, e)
	if err := p.subscriber.Subscribe(ctx(t), "den"); err != nil {
		t.Fatal(err)
	}
	before := several("before", 3, "den")
	inOrder(t, p.store, 0, before, must(p.appender.Append(ctx(t), before))(t, "append"))
	e.Believe(redisTime(t, s) - time.Hour.Milliseconds())
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := several("behind", 40, "den")
	receipts := must(p.appender.Append(ctx(t), batch))(t, "append an hour behind")
	if n := scriptsRun(t, s); n != 2 {
		t.Errorf("%d scripts, want one that was late and one more", n)
	}
	inOrder(t, p.store, 3, batch, receipts)
	for _, w := range append(before, batch...) {
		if d := next[*chat.Delivered](t, p.heard); d.Entry.ID != w.ID {
			t.Fatalf("heard %s, want %s", d.Entry.ID, w.ID)
		}
	}
	s.Do(t, "CONFIG", "RESETSTAT")
	must(p.appender.Append(ctx(t), several("after", 1, "den")))(t, "append once more")
	if n := scriptsRun(t, s); n != 1 {
		t.Errorf("%d scripts, want one: the clock has been learnt", n)
	}
}

// Every reply that has a time teaches it: a node that has sent its heartbeat knows it before its first append.
func TestTheClockIsLearnt(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	for name, ask := range map[string]func(e *redisbus.Engine) error{
		"an append": func(e *redisbus.Engine) error {
			_, err := closing(t, e.Appender()).Append(ctx(t), several("first", 1, "global"))
			return err
		},
		"a heartbeat": func(e *redisbus.Engine) error {
			_, err := closing(t, e.Store()).Heartbeat(ctx(t), 0)
			return err
		},
	} {
		e := node(t, s.URL(), "api-1")
		if at := e.Belief(); at != 0 {
			t.Errorf("before %s Redis's clock is thought to show %d", name, at)
		}
		low := redisTime(t, s)
		if err := ask(e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		at := e.Belief()
		if high := redisTime(t, s); at < low-1 || at > high+1 {
			t.Errorf("after %s Redis's clock is thought to show %d, want %d to %d", name, at, low, high)
		}
	}
}

// Who has heard nothing of Redis's clock has its appends stored whenever they come.
func TestAnUnknownClockStores(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := node(t, s.URL(), "api-1")
	p := start(t, e)
	if late := must(p.appender.AppendBy(ctx(t), 0, several("none", 1, "den")))(t, "append"); len(late) != 0 {
		t.Errorf("an append without a deadline was late at %v", late)
	}
	e.Believe(0)
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := several("unknown", 5, "den")
	receipts := must(p.appender.Append(ctx(t), batch))(t, "append")
	if n := scriptsRun(t, s); n != 1 {
		t.Errorf("%d scripts, want one", n)
	}
	inOrder(t, p.store, 1, batch, receipts)
}

// Of a batch of several rooms those that were late are sent again, and no others.
func TestOnlyWhatIsLateIsSentAgain(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	rooms := manyRooms[1:]
	must(p.appender.Append(ctx(t), several("before", 1, rooms...)))(t, "append")
	s.Do(t, "CONFIG", "RESETSTAT")
	batch := several("some", 6, rooms...)
	receipts := must(p.appender.AppendPast(ctx(t), batch, rooms[0], rooms[3], rooms[6]))(t, "append")
	if n := scriptsRun(t, s); n != len(rooms)+3 {
		t.Errorf("%d scripts, want one for each of %d rooms and three more", n, len(rooms))
	}
	inOrder(t, p.store, 1, batch, receipts)
}

// In a Cluster each master says what its own clock shows.
func TestAWrongClockHealsInACluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	e := node(t, c.URL(), "api-1")
	p := start(t, e)
	rooms := manyRooms[1:]
	for round := range 2 {
		e.Believe(redisTime(t, c.Masters[0]) - time.Hour.Milliseconds())
		batch := several(fmt.Sprint("round", round), 6, rooms...)
		inOrder(t, p.store, 6*round, batch, must(p.appender.Append(ctx(t), batch))(t, "append an hour behind"))
	}
	batch := several("some", 6, rooms...)
	inOrder(t, p.store, 12, batch, must(p.appender.AppendPast(ctx(t), batch, rooms[1], rooms[2]))(t, "append"))
}

// Where nothing gets to Redis in time, that is said, and named.
func TestAlwaysLate(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	e := node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.IdempotencyWindow = time.Second })
	p := start(t, e)
	p.appender.Hasten(-time.Hour.Milliseconds())
	_, err := p.appender.Append(ctx(t), several("never", 1, "den"))
	if name, sentence := redisbus.Cause(err); name != redisbus.Timeout || sentence == "" {
		t.Errorf("append: %v, cause %q, want %q", err, name, redisbus.Timeout)
	}
	if got := fmt.Sprint(s.Do(t, "EXISTS", "chat:log:den")); got != "0" {
		t.Error("it was stored all the same")
	}
}

// A client may try again until the end of the window, and that try may be held up: by the node's journal, and on its
// way to Redis. The key of the first one is known for one and a half of the window, whenever in a bucket it came (INV-3).
func TestKeysOutlastTheLastTry(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.IdempotencyWindow = time.Second }))
	proved, n := 0, 0
	until(t, "retries that come in time to tell", func() bool {
		var first []chat.Receipt
		for range 5 {
			first = append(first, must(p.appender.Append(ctx(t), []chat.Write{say("den", fmt.Sprintf("0-try-%x", n+len(first)))}))(t, "append")...)
			<-time.After(100 * time.Millisecond)
		}
		for _, r := range first {
			for redisTime(t, s) < r.At+1400 {
				<-time.After(5 * time.Millisecond)
			}
			again := must(p.appender.Append(ctx(t), []chat.Write{say("den", fmt.Sprintf("0-try-%x", n))}))(t, "append again")[0]
			if n++; redisTime(t, s) > r.At+1500 {
				continue // the machine was too slow for this one
			}
			if proved++; !again.Duplicate || again.Seq != r.Seq {
				t.Fatalf("%+v of a retry, %d ms after %+v", again, again.At-r.At, r)
			}
		}
		return proved >= 5
	})
}
