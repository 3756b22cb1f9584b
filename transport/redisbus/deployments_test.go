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

// manyRooms are enough rooms to use every one of three masters.
var manyRooms = []string{"global", "room-1", "room-2", "room-3", "room-4", "room-5", "room-6", "room-7"}

// exchange appends one message to each room on one node and waits until the other node receives them.
func exchange(t *testing.T, from, to nodeParts, round int) {
	t.Helper()
	if err := to.subscriber.Subscribe(ctx(t), manyRooms...); err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	var batch []chat.Write
	for _, room := range manyRooms {
		batch = append(batch, message(room, fmt.Sprintf("0-round%d-%s", round, room)))
	}
	receipts := must(from.appender.Append(ctx(t), batch))(t, "append")
	missing := map[string]chat.Receipt{}
	for i, room := range manyRooms {
		missing[room] = receipts[i]
	}
	for len(missing) > 0 {
		d := nextEvent[*chat.Delivered](t, to.events)
		if r := missing[d.Room]; d.Entry.ID == r.ID && d.Entry.Seq == r.Seq && d.Epoch == r.Epoch {
			delete(missing, d.Room)
		}
	}
}

func TestClusterMainPath(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	one, two := startNode(t, newEngine(t, c.URL(), "api-1")), startNode(t, newEngine(t, c.URL(), "api-2"))
	exchange(t, one, two, 1)
	for _, m := range c.Masters {
		if !slices.Contains(connNames(t, m), "chatnode:api-2:sub") {
			t.Errorf("the shard %s has no subscriber, connections %v", m.Addr, connNames(t, m))
		}
	}
	view := must(two.store.Heartbeat(ctx(t), 3))(t, "heartbeat")
	if len(view.Instances) != 2 || view.Duplicate != "" {
		t.Errorf("cluster view %+v, want two instances", view)
	}
	owner := c.Owner(t, "chat:log:{room-1}")
	if got := fmt.Sprint(owner.Do(t, "PUBSUB", "SHARDNUMSUB", "chat:pubsub:{room-1}:broadcast")); got != "[chat:pubsub:{room-1}:broadcast 1]" {
		t.Errorf("SHARDNUMSUB: %s, want one subscriber", got)
	}
}

// TestClusterSlotMoves: the move of a slot disconnects the subscriber. After Open it subscribes at the new owner.
func TestClusterSlotMoves(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := startNode(t, newEngine(t, c.URL(), "api-1"))
	if err := p.subscriber.Subscribe(ctx(t), "room-1"); err != nil {
		t.Fatal(err)
	}
	to := c.MoveSlot(t, "chat:log:{room-1}")
	disconnected := nextEvent[chat.Disconnected](t, p.events)
	if name, _ := redisbus.Cause(disconnected.Err); name != redisbus.Moved {
		t.Errorf("disconnected by %v, cause %q, want %q", disconnected.Err, name, redisbus.Moved)
	}
	events := make(chan chat.Event, 1000)
	if err := p.subscriber.Open(ctx(t), func(e chat.Event) { events <- e }); err != nil {
		t.Fatalf("open again: %v", err)
	}
	if err := p.subscriber.Subscribe(ctx(t), "room-1"); err != nil {
		t.Fatalf("subscribe at the new owner: %v", err)
	}
	if got := fmt.Sprint(to.Do(t, "PUBSUB", "SHARDNUMSUB", "chat:pubsub:{room-1}:broadcast")); got != "[chat:pubsub:{room-1}:broadcast 1]" {
		t.Errorf("SHARDNUMSUB at the new owner: %s, want one subscriber", got)
	}
	must(p.appender.Append(ctx(t), []chat.Write{message("room-1", "0-moved-1")}))(t, "append")
	if d := nextEvent[*chat.Delivered](t, events); d.Room != "room-1" {
		t.Errorf("received an entry of %s, want room-1", d.Room)
	}
}

// TestClusterSubscriptionFollowsMoved: Subscribe follows a MOVED reply if the router does not know the new owner yet.
func TestClusterSubscriptionFollowsMoved(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := startNode(t, newEngine(t, c.URL(), "api-1"))
	for _, room := range manyRooms[1:4] { // MoveSlot requires empty slots
		to := c.MoveSlot(t, "chat:log:{"+room+"}")
		if err := p.subscriber.Subscribe(ctx(t), room); err != nil {
			t.Fatalf("subscribe to %s: %v", room, err)
		}
		channel := "chat:pubsub:{" + room + "}:broadcast"
		if got := fmt.Sprint(to.Do(t, "PUBSUB", "SHARDNUMSUB", channel)); got != "["+channel+" 1]" {
			t.Errorf("SHARDNUMSUB at the new owner: %s, want one subscriber", got)
		}
		must(p.appender.Append(ctx(t), []chat.Write{message(room, "0-follow-1")}))(t, "append")
		if d := nextEvent[*chat.Delivered](t, p.events); d.Room != room {
			t.Errorf("received an entry of %s, want %s", d.Room, room)
		}
	}
}

func TestSentinelMainPathAndFailover(t *testing.T) {
	s := redistest.StartSentinel(t)
	one, two := startNode(t, newEngine(t, s.URL(), "api-1")), startNode(t, newEngine(t, s.URL(), "api-2"))
	exchange(t, one, two, 1)
	got := slices.DeleteFunc(connNames(t, s.Master), func(name string) bool { return !strings.HasPrefix(name, "chatnode:") })
	if len(got) != 6 {
		t.Errorf("connections to the master %v, want three per node", got)
	}
	waitUntil(t, "the replica to have all entries", func() bool {
		return fmt.Sprint(s.Replica.Do(t, "XLEN", "chat:log:room-7")) == "1"
	})
	s.Master.Kill()
	nextEvent[chat.Disconnected](t, two.events)
	s.AwaitMaster(t, s.Replica)
	waitUntil(t, "an append to the new master", func() bool {
		r, err := one.appender.Append(ctx(t), []chat.Write{message("room-7", "1-failover-1")})
		return err == nil && r[0].Seq == 2
	})
	events := make(chan chat.Event, 1000)
	waitUntil(t, "the subscription to the new master", func() bool {
		return two.subscriber.Open(context.Background(), func(e chat.Event) { events <- e }) == nil
	})
	two.events = events
	exchange(t, one, two, 2)
}

// TestClusterSubscribesManyRooms subscribes to 3,000 rooms in one call. Without pipelining the call would time out.
func TestClusterSubscribesManyRooms(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := startNode(t, newEngine(t, c.URL(), "api-1"))
	rooms := roomsNamed(3000)
	if err := p.subscriber.Subscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1500, 2999} {
		must(p.appender.Append(ctx(t), []chat.Write{message(rooms[i], "0-many")}))(t, "append")
		if d := nextEvent[*chat.Delivered](t, p.events); d.Room != rooms[i] {
			t.Errorf("received an entry of %s, want %s", d.Room, rooms[i])
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

// BenchmarkClusterSubscribe subscribes to rooms of a Cluster and unsubscribes, each in one call. It reports the time
// per room.
func BenchmarkClusterSubscribe(b *testing.B) {
	c := redistest.StartCluster(b, 3)
	p := startNode(b, newEngine(b, c.URL(), "api-1"))
	for _, n := range []int{1, 3000} {
		b.Run(fmt.Sprintf("rooms=%d", n), func(b *testing.B) {
			rooms := roomsNamed(n)
			for b.Loop() {
				subscribeAndUnsubscribe(b, p, rooms...)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/room")
		})
	}
}

func subscribeAndUnsubscribe(t testing.TB, p nodeParts, rooms ...string) {
	t.Helper()
	if err := p.subscriber.Subscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
	if err := p.subscriber.Unsubscribe(ctx(t), rooms...); err != nil {
		t.Fatal(err)
	}
}
