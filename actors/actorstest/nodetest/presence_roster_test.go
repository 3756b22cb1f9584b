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

// A slowRoster is a store of rooms with many users, which takes its time to list them.
type slowRoster struct {
	*actorstest.FakeBus
	users []wire.User
	reads int
}

func (c *slowRoster) Roster(_ context.Context, _, cursor string, limit int) ([]wire.User, string, error) {
	<-time.After(20 * time.Millisecond)
	c.reads++
	if cursor != "" || limit != math.MaxInt {
		return nil, "", fmt.Errorf("asked for a part: %q, %d", cursor, limit)
	}
	return c.users, "", nil
}

// However many clients page through a room, it is read once in a while.
func TestRosterReadIsShared(t *testing.T) {
	for _, c := range []struct{ users, reads int }{{presence.RosterLong - 1, 3}, {presence.RosterLong, 2}} {
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
					all = append(all, r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint("asker", i))}))
				}
				actorstest.Pause(5 * time.Second)
				ask := func() {
					for _, a := range all {
						a.do(wire.Command{Type: wire.Who, Cursor: "u00099", Limit: 200})
					}
					actorstest.Pause(2 * presence.NamesWithin)
				}
				ask()
				ask()
				actorstest.Pause(presence.RosterKept)
				ask()
				if bus.reads != c.reads {
					t.Errorf("read %d times for %d questions, want %d", bus.reads, 3*len(all), c.reads)
				}
				for _, a := range all {
					if got := a.framesOfType("roster"); len(got) != 3 || !strings.Contains(got[2].Raw, `"next":"u00299"`) {
						t.Fatalf("%d answers: %+v", len(got), got)
					}
				}
			})
		})
	}
}
