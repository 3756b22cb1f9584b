package nodetest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// slowRoster is a presence store with many users. It takes 20 ms to list them.
type slowRoster struct {
	*actorstest.FakeBus
	users []wire.User
	reads int
}

// Roster implements chat.PresenceStore. It expects a request for all users.
func (c *slowRoster) Roster(_ context.Context, _, cursor string, limit int) ([]wire.User, string, error) {
	<-time.After(20 * time.Millisecond)
	c.reads++
	if cursor != "" || limit != math.MaxInt {
		return nil, "", fmt.Errorf("cursor %q and limit %d, want all users", cursor, limit)
	}
	return c.users, "", nil
}

// Concurrent requests for the roster of a room share one read of the store, and later ones use its result for a while.
func TestRosterReadIsShared(t *testing.T) {
	for _, c := range []struct{ users, reads int }{{presence.MinCachedUsers - 1, 3}, {presence.MinCachedUsers, 2}} {
		t.Run(fmt.Sprintf("%d users", c.users), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus := &slowRoster{}
				for i := range c.users {
					bus.users = append(bus.users, wire.User{ID: fmt.Sprintf("u%05d", i), Role: "member"})
				}
				r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop(), func(p *actors.Ports) {
					bus.FakeBus, _ = p.Presence.(*actorstest.FakeBus)
					p.Presence = bus
				})
				defer r.stop()
				var all []*peer
				for i := range 5 {
					all = append(all, r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint("client", i))}))
				}
				actorstest.Pause(5 * time.Second)
				request := func() {
					for _, a := range all {
						a.do(wire.Command{Type: wire.Who, Cursor: "u00099", Limit: 200})
					}
					actorstest.Pause(2 * presence.NamesTimeout)
				}
				request()
				request()
				actorstest.Pause(presence.RosterTTL)
				request()
				if bus.reads != c.reads {
					t.Errorf("%d reads for %d requests, want %d", bus.reads, 3*len(all), c.reads)
				}
				for _, a := range all {
					if got := a.framesOfType("roster"); len(got) != 3 || !strings.Contains(got[2].Raw, `"next":"u00299"`) {
						t.Fatalf("%d roster frames, want 3: %+v", len(got), got)
					}
				}
			})
		})
	}
}
