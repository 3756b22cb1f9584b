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

// Rooms enough to lie on every master of three.
var manyRooms = []string{"global", "room-1", "room-2", "room-3", "room-4", "room-5", "room-6", "room-7"}

// exchange writes one message to each room through one node and waits until the other heard it.
func exchange(t *testing.T, from, to parts, round int) {
	t.Helper()
	if err := to.subscriber.Subscribe(ctx(t), manyRooms...); err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	var batch []chat.Write
	for _, room := range manyRooms {
		batch = append(batch, say(room, fmt.Sprintf("0-round%d-%s", round, room)))
	}
	receipts := must(from.appender.Append(ctx(t), batch))(t, "append")
	missing := map[string]chat.Receipt{}
	for i, room := range manyRooms {
		missing[room] = receipts[i]
	}
	for len(missing) > 0 {
		d := next[*chat.Delivered](t, to.heard)
		if r := missing[d.Room]; d.Entry.ID == r.ID && d.Entry.Seq == r.Seq && d.Epoch == r.Epoch {
			delete(missing, d.Room)
		}
	}
}

func TestClusterMainPath(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	one, two := start(t, node(t, c.URL(), "api-1")), start(t, node(t, c.URL(), "api-2"))
	exchange(t, one, two, 1)
	for _, m := range c.Masters {
		if !slices.Contains(names(t, m), "chatnode:api-2:sub") {
			t.Errorf("the shard %s is not listened to, connections %v", m.Addr, names(t, m))
		}
	}
	view := must(two.store.Heartbeat(ctx(t), 3))(t, "beat")
	if len(view.Instances) != 2 || view.Duplicate != "" {
		t.Errorf("cluster view %+v, want two instances", view)
	}
	owner := c.Owner(t, "chat:log:{room-1}")
	if got := fmt.Sprint(owner.Do(t, "PUBSUB", "SHARDNUMSUB", "chat:pubsub:{room-1}:broadcast")); got != "[chat:pubsub:{room-1}:broadcast 1]" {
		t.Errorf("SHARDNUMSUB: %s, want one subscriber", got)
	}
}

// A slot that moves takes its subscriptions along: the link is broken, and made anew it follows.
func TestClusterSlotMoves(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := start(t, node(t, c.URL(), "api-1"))
	if err := p.subscriber.Subscribe(ctx(t), "room-1"); err != nil {
		t.Fatal(err)
	}
	to := c.MoveSlot(t, "chat:log:{room-1}")
	broken := next[chat.Disconnected](t, p.heard)
	if name, _ := redisbus.Cause(broken.Err); name != redisbus.Moved {
		t.Errorf("broken by %v, cause %q, want %q", broken.Err, name, redisbus.Moved)
	}
	again := make(chan chat.Event, 1000)
	if err := p.subscriber.Open(ctx(t), func(e chat.Event) { again <- e }); err != nil {
		t.Fatalf("open again: %v", err)
	}
	if err := p.subscriber.Subscribe(ctx(t), "room-1"); err != nil {
		t.Fatalf("subscribe where the slot is now: %v", err)
	}
	if got := fmt.Sprint(to.Do(t, "PUBSUB", "SHARDNUMSUB", "chat:pubsub:{room-1}:broadcast")); got != "[chat:pubsub:{room-1}:broadcast 1]" {
		t.Errorf("SHARDNUMSUB at the new owner: %s, want one subscriber", got)
	}
	must(p.appender.Append(ctx(t), []chat.Write{say("room-1", "0-moved-1")}))(t, "append")
	if d := next[*chat.Delivered](t, again); d.Room != "room-1" {
		t.Errorf("heard of %s, want room-1", d.Room)
	}
}

// A subscription to a slot that moved since the router looked follows the MOVED reply.
func TestClusterSubscriptionFollowsMoved(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := start(t, node(t, c.URL(), "api-1"))
	for _, room := range manyRooms[1:4] { // empty so far, as a slot must be to move without migration
		to := c.MoveSlot(t, "chat:log:{"+room+"}")
		if err := p.subscriber.Subscribe(ctx(t), room); err != nil {
			t.Fatalf("subscribe to %s: %v", room, err)
		}
		channel := "chat:pubsub:{" + room + "}:broadcast"
		if got := fmt.Sprint(to.Do(t, "PUBSUB", "SHARDNUMSUB", channel)); got != "["+channel+" 1]" {
			t.Errorf("SHARDNUMSUB at the new owner: %s, want one subscriber", got)
		}
		must(p.appender.Append(ctx(t), []chat.Write{say(room, "0-follow-1")}))(t, "append")
		if d := next[*chat.Delivered](t, p.heard); d.Room != room {
			t.Errorf("heard of %s, want %s", d.Room, room)
		}
	}
}

func TestSentinelMainPathAndFailover(t *testing.T) {
	s := redistest.StartSentinel(t)
	one, two := start(t, node(t, s.URL(), "api-1")), start(t, node(t, s.URL(), "api-2"))
	exchange(t, one, two, 1)
	got := slices.DeleteFunc(names(t, s.Master), func(name string) bool { return !strings.HasPrefix(name, "chatnode:") })
	if len(got) != 6 {
		t.Errorf("connections to the master %v, want three a node", got)
	}
	until(t, "the replica to have it all", func() bool {
		return fmt.Sprint(s.Replica.Do(t, "XLEN", "chat:log:room-7")) == "1"
	})
	s.Master.Kill()
	next[chat.Disconnected](t, two.heard)
	s.AwaitMaster(t, s.Replica)
	until(t, "an append to the new master", func() bool {
		r, err := one.appender.Append(ctx(t), []chat.Write{say("room-7", "1-failover-1")})
		return err == nil && r[0].Seq == 2
	})
	heard := make(chan chat.Event, 1000)
	until(t, "the subscription to the new master", func() bool {
		return two.subscriber.Open(context.Background(), func(e chat.Event) { heard <- e }) == nil
	})
	two.heard = heard
	exchange(t, one, two, 2)
}

// Very many rooms are subscribed to in one call, and heard: they travel together, or the call would run out of time.
func TestClusterSubscribesToManyRoomsTogether(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := start(t, node(t, c.URL(), "api-1"))
	rooms := roomsNamed(3000)
	if err := p.subscriber.Subscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1500, 2999} {
		must(p.appender.Append(ctx(t), []chat.Write{say(rooms[i], "0-many")}))(t, "append")
		if d := next[*chat.Delivered](t, p.heard); d.Room != rooms[i] {
			t.Errorf("heard of %s, want %s", d.Room, rooms[i])
		}
	}
}

func roomsNamed(n int) []string {
	rooms := make([]string, n)
	for i := range rooms {
		rooms[i] = fmt.Sprintf("many-%d", i)
	}
	return rooms
}

// BenchmarkClusterSubscribe subscribes to rooms of a Cluster in one call, and leaves them: what one of them costs.
func BenchmarkClusterSubscribe(b *testing.B) {
	c := redistest.StartCluster(b, 3)
	p := start(b, node(b, c.URL(), "api-1"))
	for _, n := range []int{1, 3000} {
		b.Run(fmt.Sprintf("rooms=%d", n), func(b *testing.B) {
			rooms := roomsNamed(n)
			for b.Loop() {
				subscribeAndLeave(b, p, rooms...)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/room")
		})
	}
}

func subscribeAndLeave(t testing.TB, p parts, rooms ...string) {
	t.Helper()
	if err := p.subscriber.Subscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
	if err := p.subscriber.Unsubscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
}
