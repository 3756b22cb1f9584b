package bustest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var presenceRows = []row{
	{"counts are unique users by role", counts},
	{"counts have the order of the changes", countsOrder},
	{"users who left are not counted", leftUsers},
	{"a lease without renewal expires", leases},
	{"the roster is paged by user id", roster},
}

// entered returns the change that users with one role are present in the room.
func entered(room, role string, users ...string) chat.PresenceChange {
	return chat.PresenceChange{Room: room, Present: presentUsers(role, users...)}
}

func presentUsers(role string, users ...string) []chat.PresentUser {
	var list []chat.PresentUser
	for _, u := range users {
		list = append(list, chat.PresentUser{UserID: u, Role: role})
	}
	return list
}

// apply applies the changes and returns the counts.
func (r *rig) apply(t testingT, changes ...chat.PresenceChange) []wire.Counts {
	t.Helper()
	got, err := r.Presence.Apply(context.Background(), changes)
	if err != nil {
		t.Fatalf("apply %+v: %v", changes, err)
	}
	return got
}

func counts(t *testing.T, r *rig) {
	r.apply(t, entered("a", "member", "u1", "u2"), entered("a", "guest", "g1"), entered("a", "admin", "r1"))
	got := r.apply(t, entered("a", "member", "u1", "u1", "u3"), entered("a", "guest", "g1"))
	equal(t, "counts of the room", got[len(got)-1], wire.Counts{Guests: 1, Members: 3, Admins: 1})
	equal(t, "counts of another room", r.apply(t, chat.PresenceChange{Room: "b"}), []wire.Counts{{}})
}

func countsOrder(t *testing.T, r *rig) {
	var changes []chat.PresenceChange
	var want []wire.Counts
	for i := range 10 {
		users := make([]string, i)
		for n := range users {
			users[n] = fmt.Sprintf("u%d", n)
		}
		changes = append(changes, entered(fmt.Sprintf("room-%d", i), "member", users...))
		want = append(want, wire.Counts{Members: i})
	}
	equal(t, "counts", r.apply(t, changes...), want)
}

func leftUsers(t *testing.T, r *rig) {
	r.apply(t, entered("a", "member", "u1", "u2"), entered("a", "guest", "g1"), entered("b", "member", "u1"))
	left := append(presentUsers("member", "u1", "unknown"), presentUsers("guest", "g1")...)
	got := r.apply(t, chat.PresenceChange{Room: "a", Left: left}, chat.PresenceChange{Room: "b"})
	equal(t, "counts", got, []wire.Counts{{Members: 1}, {Members: 1}})
	equal(t, "present users", r.roster(t, "a", 10), []string{"u2 member"})
}

func leases(t *testing.T, r *rig) {
	r.apply(t, entered("a", "member", "renewed", "expired"), entered("a", "guest", "expired-too"))
	deadline := time.Now().Add(waitTimeout)
	for {
		r.advance(r.Lease / 4)
		got := r.apply(t, entered("a", "member", "renewed"))[0]
		if got.Members < 1 {
			t.Fatalf("counts %+v: the renewed lease expired", got)
		}
		if got == (wire.Counts{Members: 1}) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("counts %+v: leases of %v did not expire within %v", got, r.Lease, waitTimeout)
		}
	}
	equal(t, "present users", r.roster(t, "a", 10), []string{"renewed member"})
	r.advance(r.Lease + r.Lease/2)
	equal(t, "present users after the last lease", r.roster(t, "a", 10), []string(nil))
}

// advance advances the clock of the engine by d, or waits.
func (r *rig) advance(d time.Duration) {
	if r.AdvanceClock != nil {
		r.AdvanceClock(d)
		return
	}
	<-time.After(d)
}

// roster reads the whole roster in pages of limit users. It returns "<id> <role>" of each user.
func (r *rig) roster(t testingT, room string, limit int) []string {
	t.Helper()
	var list []string
	for cursor, pages := "", 0; pages < 1000; pages++ {
		users, next, err := r.Presence.Roster(context.Background(), room, cursor, limit)
		if err != nil || len(users) > limit {
			t.Fatalf("roster of %s from %q: %d users, want at most %d; error %v", room, cursor, len(users), limit, err)
		}
		for _, u := range users {
			list = append(list, u.ID+" "+u.Role)
		}
		if next == "" {
			return list
		}
		cursor = next
	}
	t.Fatalf("the roster of %s has more than 1000 pages", room)
	return nil
}

func roster(t *testing.T, r *rig) {
	var want []string
	for i, role := range []string{"guest", "member", "admin", "member", "guest", "member", "member"} {
		id := fmt.Sprintf("u%d", i)
		r.apply(t, entered("a", role, id))
		want = append(want, id+" "+role)
	}
	for _, limit := range []int{1, 2, 3, 7, 100} {
		got := r.roster(t, "a", limit)
		if !slices.IsSorted(got) {
			t.Fatalf("the roster in pages of %d is not sorted by id: %v", limit, got)
		}
		equal(t, fmt.Sprintf("roster in pages of %d", limit), got, want)
	}
	equal(t, "roster of an empty room", r.roster(t, "b", 3), []string(nil))
}
