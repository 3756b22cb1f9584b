package redisbus_test

import (
	"maps"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

func heartbeat(t testing.TB, s *redisbus.Store, clients int) (view chat.Cluster, byID map[string]chat.Instance) {
	t.Helper()
	view = must(s.Heartbeat(ctx(t), clients))(t, "heartbeat")
	byID = map[string]chat.Instance{}
	for _, in := range view.Instances {
		byID[in.InstanceID] = in
	}
	return view, byID
}

func TestRegistry(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	one, two := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-2").NewStore())
	first, _ := heartbeat(t, one, 5)
	heartbeat(t, two, 7)
	view, byID := heartbeat(t, one, 6)
	if len(byID) != 2 || byID["api-1"].ConnectedClients != 6 || byID["api-2"].ConnectedClients != 7 || byID["api-2"].Incarnation != "inc-api-2" {
		t.Errorf("view %+v", view)
	}
	if in := byID["api-1"]; in.StartedAt != first.Now || in.LastHeartbeat != view.Now || view.Duplicate != "" {
		t.Errorf("own instance %+v at %d, want started at the first heartbeat %d", in, view.Now, first.Now)
	}
	if err := two.Deregister(ctx(t)); err != nil {
		t.Fatal(err)
	}
	if _, byID = heartbeat(t, one, 6); len(byID) != 1 {
		t.Errorf("instances %v after one deregistered, want one", byID)
	}
}

func TestSilentInstanceIsRemoved(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	short := func(o *redisbus.Options) { o.HeartbeatInterval, o.DeadAfter = time.Second, 5*time.Second }
	one, two := closeOnCleanup(t, newEngine(t, s.URL(), "api-1", short).NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-2", short).NewStore())
	heartbeat(t, two, 7)
	heartbeat(t, one, 1)
	seen := false
	waitUntil(t, "the silent instance to be removed", func() bool {
		view, byID := heartbeat(t, one, 1)
		in, listed := byID["api-2"]
		if listed && view.Now-in.LastHeartbeat > 3000 && s.Do(t, "EXISTS", "chat:instances:api-2") == int64(0) {
			seen = true
			if in.ConnectedClients != 7 || in.StartedAt == 0 {
				t.Errorf("the last record of the silent instance is lost: %+v", in)
			}
		}
		return !listed
	})
	if !seen {
		t.Error("the silent instance was not listed after its record had expired")
	}
}

func TestDuplicateInstanceID(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	twin := func(o *redisbus.Options) { o.Incarnation = "other" }
	first, second := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-1", twin).NewStore())
	heartbeat(t, first, 1)
	if view, _ := heartbeat(t, second, 1); view.Duplicate != "" {
		t.Errorf("the first heartbeat after a restart reports a duplicate")
	}
	if view, _ := heartbeat(t, first, 1); view.Duplicate != "other" {
		t.Errorf("duplicate %q, want the other incarnation", view.Duplicate)
	}
	if view, _ := heartbeat(t, second, 1); view.Duplicate != "inc-api-1" {
		t.Errorf("duplicate %q, want the first incarnation", view.Duplicate)
	}
	if err := first.Deregister(ctx(t)); err != nil {
		t.Fatal(err)
	}
	if n := s.Do(t, "ZCARD", "chat:instances"); n != int64(1) {
		t.Error("Deregister removed the record of another incarnation")
	}
}

func TestSanctions(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a, b := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-2").NewStore())
	ban := chat.Sanction{Kind: chat.Ban, Subject: "u:1", Reason: "spam } {", By: "root"}
	slow := chat.Sanction{Kind: chat.SlowMode, Subject: "global", By: "root", PerUserMs: 5000}
	mute := chat.Sanction{Kind: chat.Mute, Subject: "u2", By: "root"}
	ban = must(a.Impose(ctx(t), ban, 0))(t, "ban")
	slow = must(a.Impose(ctx(t), slow, time.Hour))(t, "slow")
	mute = must(a.Impose(ctx(t), mute, 300*time.Millisecond))(t, "mute")
	if ban.Until != 0 || slow.Until != slow.Since+3600_000 {
		t.Errorf("end of %+v and %+v, want permanent and one hour", ban, slow)
	}
	list, version := readSanctions(t, b, "")
	want := []chat.Sanction{mute, slow, ban}
	if len(list) != 3 || list[0] != want[0] || list[1] != want[1] || list[2] != want[2] {
		t.Errorf("list\n got %+v\nwant %+v", list, want)
	}
	waitUntil(t, "the mute to expire", func() bool {
		_, _, ok, err := b.ListIfChanged(ctx(t), version)
		return ok && err == nil
	})
	if found := must(a.Lift(ctx(t), chat.Ban, "u:1"))(t, "lift"); !found {
		t.Error("Lift did not find the ban")
	}
	if found := must(a.Lift(ctx(t), chat.Ban, "u:1"))(t, "lift again"); found {
		t.Error("Lift found a ban that was lifted before")
	}
	if list, _ = readSanctions(t, b, version); len(list) != 1 || list[0] != slow {
		t.Errorf("list %+v, want only the slow mode", list)
	}
	if _, err := a.Impose(ctx(t), chat.Sanction{Kind: "exile", Subject: "u"}, 0); err == nil {
		t.Error("Impose accepted an unknown kind")
	}
}

func readSanctions(t testing.TB, s *redisbus.Store, version string) ([]chat.Sanction, string) {
	t.Helper()
	list, now, ok, err := s.ListIfChanged(ctx(t), version)
	if err != nil || !ok {
		t.Fatalf("list since version %q: changed %v, %v", version, ok, err)
	}
	if _, _, again, err := s.ListIfChanged(ctx(t), now); again || err != nil {
		t.Fatalf("list since the newest version %q: changed %v, %v", now, again, err)
	}
	return list, now
}

// TestHeartbeatFollowsIndex: a heartbeat reads the index only if the instances have changed.
func TestHeartbeatFollowsIndex(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	store := func(id string) *redisbus.Store { return closeOnCleanup(t, newEngine(t, s.URL(), id).NewStore()) }
	one, two, three := store("api-1"), store("api-2"), store("api-3")
	heartbeat(t, two, 2)
	heartbeat(t, three, 3)
	expect := func(what string, reads int, want map[string]int) {
		t.Helper()
		s.Do(t, "CONFIG", "RESETSTAT")
		_, byID := heartbeat(t, one, 1)
		got := map[string]int{}
		for id, in := range byID {
			got[id] = in.ConnectedClients
			if in.StartedAt == 0 || in.LastHeartbeat < in.StartedAt || in.Incarnation != "inc-"+id {
				t.Errorf("%s: %+v", what, in)
			}
		}
		if n := infoStats(t, s, "commandstats")["zrangebyscore"]; !maps.Equal(got, want) || n != reads {
			t.Errorf("%s: instances %v with %d reads of the index, want %v with %d", what, got, n, want, reads)
		}
	}
	expect("first heartbeat", 1, map[string]int{"api-1": 1, "api-2": 2, "api-3": 3})
	heartbeat(t, two, 22)
	expect("only the number of clients has changed", 0, map[string]int{"api-1": 1, "api-2": 22, "api-3": 3})
	if err := two.Deregister(ctx(t)); err != nil {
		t.Fatal(err)
	}
	heartbeat(t, store("api-4"), 4)
	expect("one instance left and one was added", 1, map[string]int{"api-1": 1, "api-4": 4, "api-3": 3})
	s.Do(t, "DEL", "chat:instances:api-3")
	expect("a record was evicted", 1, map[string]int{"api-1": 1, "api-4": 4, "api-3": 3})
	s.Do(t, "DEL", "chat:instances")
	expect("the index was evicted", 1, map[string]int{"api-1": 1})
	heartbeat(t, three, 33)
	expect("another instance sent a heartbeat", 1, map[string]int{"api-1": 1, "api-3": 33})
	expect("nothing has changed", 0, map[string]int{"api-1": 1, "api-3": 33})
}
