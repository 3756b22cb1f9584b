package localbus

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// TestCountsMatchLeases: after any changes and expiries the counts are the same as counting all leases again.
func TestCountsMatchLeases(t *testing.T) {
	const lease = 30 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_700_000_000, 0)
		p := newPresence(lease, func() time.Time { return now }, noSignals)
		model := map[string]userLease{}
		users := func(what string) (list []chat.PresentUser) {
			for range rapid.IntRange(0, 3).Draw(t, what) {
				list = append(list, chat.PresentUser{UserID: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "user")), Role: rapid.SampledFrom(roles[:]).Draw(t, "role")})
			}
			return list
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "ms")) * time.Millisecond)
			c := chat.PresenceChange{Room: "r", Present: users("present"), Left: users("left")}
			got, err := p.Apply(context.Background(), []chat.PresenceChange{c})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range c.Present {
				model[u.UserID] = userLease{u.Role, now.Add(lease)}
			}
			for _, u := range c.Left {
				if model[u.UserID].role == u.Role {
					delete(model, u.UserID)
				}
			}
			var want wire.Counts
			for _, s := range model {
				switch {
				case !s.until.After(now):
				case s.role == "guest":
					want.Guests++
				case s.role == "member":
					want.Members++
				default:
					want.Admins++
				}
			}
			if got[0] != want {
				t.Fatalf("counts %+v, want %+v", got[0], want)
			}
		}
	})
}

// BenchmarkRenew renews the leases of a room of 20,000, in pages of 1,000.
func BenchmarkRenew(b *testing.B) {
	p := newPresence(time.Hour, time.Now, noSignals)
	pages := make([][]chat.PresenceChange, 20)
	for i := range 20_000 {
		if i%1000 == 0 {
			pages[i/1000] = []chat.PresenceChange{{Room: "r"}}
		}
		c := &pages[i/1000][0]
		c.Present = append(c.Present, chat.PresentUser{UserID: fmt.Sprint(i), Role: "guest"})
	}
	renew := func() {
		for _, page := range pages {
			if _, err := p.Apply(context.Background(), page); err != nil {
				b.Fatal(err)
			}
		}
	}
	renew()
	b.ReportAllocs()
	for b.Loop() {
		renew()
	}
}
