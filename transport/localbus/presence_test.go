package localbus

import (
	"context"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

func counts(t *testing.T, p *presence, c chat.PresenceChange) wire.Counts {
	t.Helper()
	got, err := p.Apply(context.Background(), []chat.PresenceChange{c})
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

// TestRoleChange: a user who reconnects with another role counts once. When the session with the old role leaves, the
// user remains.
func TestRoleChange(t *testing.T) {
	p := newPresence(time.Minute, time.Now, noSignals)
	member, admin := []chat.PresentUser{{UserID: "u", Role: "member"}}, []chat.PresentUser{{UserID: "u", Role: "admin"}}
	steps := []struct {
		change chat.PresenceChange
		want   wire.Counts
	}{
		{chat.PresenceChange{Room: "a", Present: member}, wire.Counts{Members: 1}},
		{chat.PresenceChange{Room: "a", Present: admin}, wire.Counts{Admins: 1}},
		{chat.PresenceChange{Room: "a", Left: member}, wire.Counts{Admins: 1}},
		{chat.PresenceChange{Room: "a", Left: admin}, wire.Counts{}},
	}
	for i, s := range steps {
		if got := counts(t, p, s.change); got != s.want {
			t.Fatalf("step %d: %+v, want %+v", i, got, s.want)
		}
	}
	if len(p.rooms) != 0 {
		t.Fatalf("an empty room was not removed: %v", p.rooms)
	}
}

// TestLeaseEndsOnTime: a lease is valid until its end, with a precision of 1 ms.
func TestLeaseEndsOnTime(t *testing.T) {
	now := time.Now()
	p := newPresence(time.Minute, func() time.Time { return now }, noSignals)
	counts(t, p, chat.PresenceChange{Room: "a", Present: []chat.PresentUser{{UserID: "u", Role: "guest"}}})
	now = now.Add(time.Minute - time.Millisecond)
	if got := counts(t, p, chat.PresenceChange{Room: "a"}); got.Guests != 1 {
		t.Fatalf("counts %+v 1 ms before the end of the lease, want one guest", got)
	}
	now = now.Add(time.Millisecond)
	if got := counts(t, p, chat.PresenceChange{Room: "a"}); got.Guests != 0 {
		t.Fatalf("counts %+v at the end of the lease, want none", got)
	}
}

func noSignals(context.Context, []chat.Signal) {}
