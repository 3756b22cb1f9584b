package presence

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// storeModel is what the store believes, by node.
type storeModel map[string]string // user → role

func (s storeModel) apply(c chat.PresenceChange) {
	for _, p := range c.Left {
		if s[p.UserID] == p.Role {
			delete(s, p.UserID)
		}
	}
	for _, p := range c.Present {
		s[p.UserID] = p.Role
	}
}

// INV-6: once everything is told, the store knows exactly who is here, with the highest role of their
// sessions, however sessions came and went and whichever writes failed.
func TestPresenceConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, store := NewPresenceState(), storeModel{}
		type session struct {
			user string
			role chat.Role
		}
		var open []session
		armed := false
		flush := func(fail bool) {
			armed = false
			c, ok := s.changes("r")
			switch {
			case !ok:
			case fail:
				armed = s.failed(c)
			default:
				store.apply(c)
			}
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			switch op := rapid.IntRange(0, 5).Draw(t, "op"); {
			case op < 2:
				x := session{fmt.Sprint("u", rapid.IntRange(0, 4).Draw(t, "user")), chat.Role(rapid.IntRange(0, 2).Draw(t, "role"))}
				open = append(open, x)
				armed = s.addSession("r", wire.User{ID: x.user}, x.role) || armed
			case op < 4 && len(open) > 0:
				i := rapid.IntRange(0, len(open)-1).Draw(t, "which")
				armed = s.removeSession("r", open[i].user, open[i].role) || armed
				open = append(open[:i], open[i+1:]...)
			case armed:
				flush(rapid.Bool().Draw(t, "fails"))
			}
		}
		for armed {
			flush(false)
		}
		want := map[string]chat.Role{}
		for _, x := range open {
			if r, ok := want[x.user]; !ok || x.role > r {
				want[x.user] = x.role
			}
		}
		if len(store) != len(want) {
			t.Fatalf("the store knows %v, want %v", store, want)
		}
		for user, role := range want {
			if store[user] != role.String() {
				t.Fatalf("the store knows %v, want %v", store, want)
			}
		}
		if len(open) == 0 && len(s.rooms) != 0 {
			t.Fatalf("an empty room is kept: %v", s.rooms)
		}
	})
}

func TestATabMoreOrLessIsNoChange(t *testing.T) {
	s := NewPresenceState()
	if !s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) {
		t.Fatal("the first session must arm the debounce")
	}
	if c, ok := s.changes("r"); !ok || len(c.Present) != 1 {
		t.Fatalf("changes are %+v", c)
	}
	if s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) || s.removeSession("r", "u", chat.RoleMember) {
		t.Fatal("a second session of a user is a change")
	}
	if !s.removeSession("r", "u", chat.RoleMember) || s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) {
		t.Fatal("leaving arms, and coming back within the debounce arms no second one")
	}
	if c, ok := s.changes("r"); ok {
		t.Fatalf("leaving and coming back is a change: %+v", c)
	}
}

func TestRenewalsPageThroughEveryone(t *testing.T) {
	s := NewPresenceState()
	for i := range 25 {
		s.addSession(fmt.Sprint("r", i%3), wire.User{ID: fmt.Sprint(i)}, chat.RoleGuest)
	}
	for i := range 3 {
		s.changes(fmt.Sprint("r", i))
	}
	s.addSession("r0", wire.User{ID: "untold"}, chat.RoleGuest)
	total := 0
	for _, page := range s.renewals(10) {
		n := 0
		for _, c := range page {
			n += len(c.Present)
		}
		if total += n; n > 10 {
			t.Fatalf("a page of %d", n)
		}
	}
	if total != 25 {
		t.Fatalf("%d leases renewed, want 25", total)
	}
}

func BenchmarkPresenceDiff(b *testing.B) {
	s := NewPresenceState()
	for i := range 10000 {
		s.addSession("r", wire.User{ID: fmt.Sprint(i)}, chat.RoleGuest)
	}
	s.changes("r")
	b.ReportAllocs()
	for b.Loop() {
		s.removeSession("r", "77", chat.RoleGuest)
		s.addSession("r", wire.User{ID: "new"}, chat.RoleGuest)
		s.changes("r")
		s.removeSession("r", "new", chat.RoleGuest)
		s.addSession("r", wire.User{ID: "77"}, chat.RoleGuest)
		s.changes("r")
	}
}
