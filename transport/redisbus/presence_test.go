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

// apply writes one change of the global room and returns the members counted.
func apply(t testing.TB, s *redisbus.Store, here, gone []chat.PresentUser) int {
	t.Helper()
	return must(s.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: here, Left: gone}}))(t, "presence")[0].Members
}

func TestTabsOnSeveralNodes(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a := closing(t, node(t, s.URL(), "api-1").Store())
	b := closing(t, node(t, s.URL(), "api-2").Store())
	c := closing(t, node(t, s.URL(), "api-3").Store())
	for i, step := range []struct {
		what       string
		store      *redisbus.Store
		here, gone string
		want       int
	}{
		{"a tab opens on the first node", a, "u", "", 1},
		{"and one on the second", b, "u", "", 1},
		{"the first renews", a, "u", "", 1},
		{"the first closes", a, "", "u", 1},
		{"it closes again", a, "", "u", 1},
		{"the second closes", b, "", "u", 0},
		{"all three open", a, "u", "", 1},
		{"", b, "u", "", 1},
		{"", c, "u", "", 1},
		{"the last closes", c, "", "u", 1},
		{"and the first", a, "", "u", 1},
		{"another user comes", a, "v", "", 2},
		{"the one left renews", b, "u", "", 2},
		{"and closes", b, "", "u", 1},
		{"a node closes what it never had", c, "", "v", 1},
	} {
		var here, gone []chat.PresentUser
		if step.here != "" {
			here = member(step.here)
		}
		if step.gone != "" {
			gone = member(step.gone)
		}
		if got := apply(t, step.store, here, gone); got != step.want {
			t.Errorf("step %d, %s: %d members, want %d", i, step.what, got, step.want)
		}
	}
	if n := s.Do(t, "EXISTS", "chat:presence:global:shared"); n != int64(0) {
		t.Errorf("nobody is on several nodes, and the keys say somebody is")
	}
}

func TestDeletedPresenceRebuilds(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a, b := closing(t, node(t, s.URL(), "api-1").Store()), closing(t, node(t, s.URL(), "api-2").Store())
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
		t.Errorf("%d members after one of two tabs closed, want 2", got)
	}
}

func TestPresenceIsAnnounced(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	a, other := closing(t, node(t, s.URL(), "api-1").Store()), node(t, s.URL(), "api-2")
	heard := events(t, other.Subscriber())
	many := present("guest", 2500) // more than one call of the script takes
	must(a.Apply(ctx(t), []chat.PresenceChange{{Room: "global", Present: many}, {Room: "global", Present: member("u"), Notify: true}}))(t, "presence")
	got := next[chat.Signal](t, heard)
	if got.Room != "global" || got.Presence == nil || *got.Presence != (wire.Counts{Guests: 2500, Members: 1}) {
		t.Errorf("heard %+v, want the counts of the room once", got)
	}
}

func TestCrashedNodeLeavesByItsLease(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	short := func(o *redisbus.Options) { o.Lease = time.Second }
	a, b := closing(t, node(t, s.URL(), "api-1", short).Store()), closing(t, node(t, s.URL(), "api-2", short).Store())
	apply(t, a, append(member("u"), member("v")...), nil)
	if got := apply(t, b, append(member("u"), member("w")...), nil); got != 3 {
		t.Fatalf("%d members, want 3", got)
	}
	// From here on the second node says nothing any more.
	until(t, "the crashed node's user to leave", func() bool {
		got := apply(t, a, append(member("u"), member("v")...), nil)
		if got < 2 {
			t.Fatalf("%d members: a user whose lease is renewed left", got)
		}
		return got == 2
	})
	if got := apply(t, a, nil, member("u")); got != 1 {
		t.Errorf("%d members after the other tab of a crashed node's user closed, want 1", got)
	}
}
