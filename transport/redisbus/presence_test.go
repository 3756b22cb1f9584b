package redisbus_test

import (
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

func member(id string) []chat.PresentUser { return []chat.PresentUser{{UserID: id, Role: "member"}} }

// apply applies one change of the global room and returns the number of members.
func apply(t testing.TB, s *redisbus.Store, present, left []chat.PresentUser) int {
	t.Helper()
	return must(s.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: present, Left: left}}))(t, "presence")[0].Members
}

func TestTabsOnSeveralNodes(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore())
	b := closeOnCleanup(t, newEngine(t, s.URL(), "api-2").NewStore())
	c := closeOnCleanup(t, newEngine(t, s.URL(), "api-3").NewStore())
	for i, step := range []struct {
		what          string
		store         *redisbus.Store
		present, left string
		want          int
	}{
		{"a connection to the first node opens", a, "u", "", 1},
		{"a connection to the second opens", b, "u", "", 1},
		{"the first node renews", a, "u", "", 1},
		{"the first connection closes", a, "", "u", 1},
		{"the first closes again", a, "", "u", 1},
		{"the second connection closes", b, "", "u", 0},
		{"connections to all nodes open: first", a, "u", "", 1},
		{"second", b, "u", "", 1},
		{"third", c, "u", "", 1},
		{"the third closes", c, "", "u", 1},
		{"the first closes", a, "", "u", 1},
		{"another user connects", a, "v", "", 2},
		{"the second node renews", b, "u", "", 2},
		{"the second closes", b, "", "u", 1},
		{"a node reports an unknown user as left", c, "", "v", 1},
	} {
		var present, left []chat.PresentUser
		if step.present != "" {
			present = member(step.present)
		}
		if step.left != "" {
			left = member(step.left)
		}
		if got := apply(t, step.store, present, left); got != step.want {
			t.Errorf("step %d, %s: %d members, want %d", i, step.what, got, step.want)
		}
	}
	if n := s.Do(t, "EXISTS", "chat:presence:global:shared"); n != int64(0) {
		t.Errorf("the hash shared exists although no user is on several nodes")
	}
}

func TestDeletedPresenceIsRebuilt(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a, b := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-2").NewStore())
	apply(t, a, append(member("u"), member("v")...), nil)
	apply(t, b, member("u"), nil)
	s.Do(t, "DEL", "chat:presence:global:guests", "chat:presence:global:members", "chat:presence:global:admins")
	if got := apply(t, b, member("u"), nil); got != 1 {
		t.Errorf("%d members after the second node renewed, want 1", got)
	}
	if got := apply(t, a, append(member("u"), member("v")...), nil); got != 2 {
		t.Errorf("%d members after both renewed, want 2", got)
	}
	if got := apply(t, a, nil, member("u")); got != 2 {
		t.Errorf("%d members after one of two connections closed, want 2", got)
	}
}

func TestPresenceCountsArePublished(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a, other := closeOnCleanup(t, newEngine(t, s.URL(), "api-1").NewStore()), newEngine(t, s.URL(), "api-2")
	events := openEvents(t, other.NewSubscriber())
	many := presentUsers("guest", 2500) // needs more than one call of the script
	must(a.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: many}, {Room: "global", Present: member("u"), Notify: true}}))(t, "presence")
	got := nextEvent[chat.Signal](t, events)
	if got.Room != "global" || got.Presence == nil || *got.Presence != (wire.Counts{Guests: 2500, Members: 1}) {
		t.Errorf("received %+v, want the counts of the room once", got)
	}
}

func TestCrashedNodeLeaseExpires(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	short := func(o *redisbus.Options) { o.Lease = time.Second }
	a, b := closeOnCleanup(t, newEngine(t, s.URL(), "api-1", short).NewStore()), closeOnCleanup(t, newEngine(t, s.URL(), "api-2", short).NewStore())
	apply(t, a, append(member("u"), member("v")...), nil)
	if got := apply(t, b, append(member("u"), member("w")...), nil); got != 3 {
		t.Fatalf("%d members, want 3", got)
	}
	// The second node crashes here: it makes no further calls.
	waitUntil(t, "the lease of the crashed node to expire", func() bool {
		got := apply(t, a, append(member("u"), member("v")...), nil)
		if got < 2 {
			t.Fatalf("%d members: a renewed lease expired", got)
		}
		return got == 2
	})
	if got := apply(t, a, nil, member("u")); got != 1 {
		t.Errorf("%d members after the last connection of u closed, want 1", got)
	}
}
