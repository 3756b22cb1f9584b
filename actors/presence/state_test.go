package presence

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// storeModel is the content of the store for one node.
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

// INV-6: when all changes are written, the store contains exactly the present users, with the highest role of their
// sessions. This holds for any order of sessions and any failed writes.
func TestPresenceConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, store := newState(), storeModel{}
		type session struct {
			user string
			role chat.Role
		}
		var open []session
		due := false
		flush := func(fail bool) {
			due = false
			c, ok := s.takeChanges("r")
			switch {
			case !ok:
			case fail:
				due = s.markFailed(c)
			default:
				store.apply(c)
			}
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			switch op := rapid.IntRange(0, 5).Draw(t, "op"); {
			case op < 2:
				x := session{fmt.Sprint("u", rapid.IntRange(0, 4).Draw(t, "user")), chat.Role(rapid.IntRange(0, 2).Draw(t, "role"))}
				open = append(open, x)
				due = s.addSession("r", wire.User{ID: x.user}, x.role) || due
			case op < 4 && len(open) > 0:
				i := rapid.IntRange(0, len(open)-1).Draw(t, "which")
				due = s.removeSession("r", open[i].user, open[i].role) || due
				open = append(open[:i], open[i+1:]...)
			case due:
				flush(rapid.Bool().Draw(t, "fails"))
			}
		}
		for due {
			flush(false)
		}
		want := map[string]chat.Role{}
		for _, x := range open {
			if r, ok := want[x.user]; !ok || x.role > r {
				want[x.user] = x.role
			}
		}
		if len(store) != len(want) {
			t.Fatalf("the store contains %v, want %v", store, want)
		}
		for user, role := range want {
			if store[user] != role.String() {
				t.Fatalf("the store contains %v, want %v", store, want)
			}
		}
		if len(open) == 0 && len(s.rooms) != 0 {
			t.Fatalf("empty rooms remain: %v", s.rooms)
		}
	})
}

func TestSecondSessionIsNoChange(t *testing.T) {
	s := newState()
	if !s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) {
		t.Fatal("the first session did not start a debounce")
	}
	if c, ok := s.takeChanges("r"); !ok || len(c.Present) != 1 {
		t.Fatalf("changes %+v, want one present user", c)
	}
	if s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) || s.removeSession("r", "u", chat.RoleMember) {
		t.Fatal("a second session of a user started a debounce")
	}
	if !s.removeSession("r", "u", chat.RoleMember) || s.addSession("r", wire.User{ID: "u"}, chat.RoleMember) {
		t.Fatal("the leave did not start a debounce, or the return started a second one")
	}
	if c, ok := s.takeChanges("r"); ok {
		t.Fatalf("changes after leave and return: %+v, want none", c)
	}
}

func TestRenewalsContainReportedUsers(t *testing.T) {
	s := newState()
	for i := range 25 {
		s.addSession(fmt.Sprint("r", i%3), wire.User{ID: fmt.Sprint(i)}, chat.RoleGuest)
	}
	for i := range 3 {
		s.takeChanges(fmt.Sprint("r", i))
	}
	s.addSession("r0", wire.User{ID: "unreported"}, chat.RoleGuest)
	total := 0
	for _, page := range s.renewals(10) {
		n := 0
		for _, c := range page {
			n += len(c.Present)
		}
		if total += n; n > 10 {
			t.Fatalf("page of %d users, want at most 10", n)
		}
	}
	if total != 25 {
		t.Fatalf("%d leases renewed, want 25", total)
	}
}

func BenchmarkPresenceDiff(b *testing.B) {
	s := newState()
	for i := range 10000 {
		s.addSession("r", wire.User{ID: fmt.Sprint(i)}, chat.RoleGuest)
	}
	s.takeChanges("r")
	b.ReportAllocs()
	for b.Loop() {
		s.removeSession("r", "77", chat.RoleGuest)
		s.addSession("r", wire.User{ID: "new"}, chat.RoleGuest)
		s.takeChanges("r")
		s.removeSession("r", "new", chat.RoleGuest)
		s.addSession("r", wire.User{ID: "77"}, chat.RoleGuest)
		s.takeChanges("r")
	}
}
