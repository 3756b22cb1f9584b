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
	{"counts are of unique users, by role", counts},
	{"counts come in the order of the changes, one room a line", countsOrder},
	{"who is gone is not counted", goneUsers},
	{"a lease that is not renewed ends", leases},
	{"the roster is paged by user id", roster},
}

// here makes the change that users of one role are in the room.
func here(room, role string, users ...string) chat.PresenceChange {
	return chat.PresenceChange{Room: room, Present: present(role, users...)}
}

func present(role string, users ...string) []chat.PresentUser {
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
	r.apply(t, here("a", "member", "u1", "u2"), here("a", "guest", "g1"), here("a", "admin", "r1"))
	got := r.apply(t, here("a", "member", "u1", "u1", "u3"), here("a", "guest", "g1"))
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
		changes = append(changes, here(fmt.Sprintf("room-%d", i), "member", users...))
		want = append(want, wire.Counts{Members: i})
	}
	equal(t, "counts", r.apply(t, changes...), want)
}

func goneUsers(t *testing.T, r *rig) {
	r.apply(t, here("a", "member", "u1", "u2"), here("a", "guest", "g1"), here("b", "member", "u1"))
	got := r.apply(t, chat.PresenceChange{Room: "a", Left: append(present("member", "u1", "unknown"), present("guest", "g1")...)}, chat.PresenceChange{Room: "b"})
	equal(t, "counts", got, []wire.Counts{{Members: 1}, {Members: 1}})
	equal(t, "who is left", r.roster(t, "a", 10), []string{"u2 member"})
}

func leases(t *testing.T, r *rig) {
	r.apply(t, here("a", "member", "stays", "goes"), here("a", "guest", "goes-too"))
	renewed := time.Now()
	deadline := renewed.Add(waitTimeout)
	for {
		r.pass(r.Lease / 4)
		got := r.apply(t, here("a", "member", "stays"))[0]
		if got.Members < 1 {
			t.Fatalf("counts %+v: the renewed lease ended", got)
		}
		if got == (wire.Counts{Members: 1}) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("counts %+v: leases of %v did not end in %v", got, r.Lease, waitTimeout)
		}
	}
	equal(t, "who is left", r.roster(t, "a", 10), []string{"stays member"})
	r.pass(r.Lease + r.Lease/2)
	equal(t, "who is left at the end", r.roster(t, "a", 10), []string(nil))
}

// pass lets d of the engine's time pass.
func (r *rig) pass(d time.Duration) {
	if r.Advance != nil {
		r.Advance(d)
		return
	}
	<-time.After(d)
}

// roster reads the whole roster by pages of limit users: "id role" of each, sorted.
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
	t.Fatalf("the roster of %s does not end", room)
	return nil
}

func roster(t *testing.T, r *rig) {
	var want []string
	for i, role := range []string{"guest", "member", "admin", "member", "guest", "member", "member"} {
		id := fmt.Sprintf("u%d", i)
		r.apply(t, here("a", role, id))
		want = append(want, id+" "+role)
	}
	for _, limit := range []int{1, 2, 3, 7, 100} {
		got := r.roster(t, "a", limit)
		if !slices.IsSorted(got) {
			t.Fatalf("the roster by pages of %d is not in the order of ids: %v", limit, got)
		}
		equal(t, fmt.Sprintf("the roster by pages of %d", limit), got, want)
	}
	equal(t, "the roster of an empty room", r.roster(t, "b", 3), []string(nil))
}
