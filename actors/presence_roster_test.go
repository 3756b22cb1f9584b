package actors

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"
)

// A crowd is a store of rooms with many users, which takes its time to list them.
type crowd struct {
	*fakeBus
	users []wire.User
	reads int
}

func (c *crowd) Roster(_ context.Context, _, cursor string, limit int) ([]wire.User, string, error) {
	<-time.After(20 * time.Millisecond)
	c.reads++
	if cursor != "" || limit != math.MaxInt {
		return nil, "", fmt.Errorf("asked for a part: %q, %d", cursor, limit)
	}
	return c.users, "", nil
}

// However many clients page through a room, it is read once in a while.
func TestARosterIsReadOnceForManyWhoAsk(t *testing.T) {
	for _, c := range []struct{ users, reads int }{{rosterLong - 1, 3}, {rosterLong, 2}} {
		t.Run(fmt.Sprintf("%d users", c.users), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus := &crowd{}
				for i := range c.users {
					bus.users = append(bus.users, wire.User{ID: fmt.Sprintf("u%05d", i), Role: "member"})
				}
				r := newJournalRig(t, &simJournal{}, zerolog.Nop(), func(p *Ports) {
					bus.fakeBus, _ = p.Presence.(*fakeBus)
					p.Presence = bus
				})
				defer r.stop()
				var all []*peer
				for i := range 5 {
					all = append(all, r.connect(Arrival{Identity: asMember(fmt.Sprint("asker", i))}))
				}
				pause(5 * time.Second)
				ask := func() {
					for _, a := range all {
						a.do(wire.Command{Type: wire.Who, Cursor: "u00099", Limit: 200})
					}
					pause(2 * namesWithin)
				}
				ask()
				ask()
				pause(rosterKept)
				ask()
				if bus.reads != c.reads {
					t.Errorf("read %d times for %d questions, want %d", bus.reads, 3*len(all), c.reads)
				}
				for _, a := range all {
					if got := a.of("roster"); len(got) != 3 || !strings.Contains(got[2].Raw, `"next":"u00299"`) {
						t.Fatalf("%d answers: %+v", len(got), got)
					}
				}
			})
		})
	}
}

func TestPagesOfARosterAreAllOfIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &roster{}
		for i := range rapid.IntRange(0, 50).Draw(t, "users") {
			r.users = append(r.users, wire.User{ID: fmt.Sprintf("u%02d", i)})
		}
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		var all []wire.User
		for cursor, more := "", true; more; more = cursor != "" {
			var page []wire.User
			page, cursor = r.page(cursor, limit)
			if all = append(all, page...); len(page) > limit || len(all) > len(r.users) {
				t.Fatalf("a page of %d users, %d in all, of %d", len(page), len(all), len(r.users))
			}
		}
		if fmt.Sprint(all) != fmt.Sprint(r.users) {
			t.Fatalf("%v, want %v", all, r.users)
		}
	})
}
