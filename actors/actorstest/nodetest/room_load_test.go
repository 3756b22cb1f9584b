package nodetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// loads returns the loads of all rooms, sorted by name.
func (r *rig) loads(t *testing.T) []room.Load {
	t.Helper()
	all, err := r.core.RoomLoads(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b room.Load) int { return strings.Compare(a.Room, b.Room) })
	return all
}

func TestRoomLoads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		if got := r.loads(t); len(got) != 0 {
			t.Fatalf("loads %v, want none without a room", got)
		}
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), Room: "lobby"})
		b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob"), Room: "lobby"})
		synctest.Wait()
		for range 10 {
			a.do(wire.Command{Type: wire.SendMessage, Room: "lobby", Message: "hello"})
		}
		actorstest.Pause(4 * time.Second)
		want := room.Load{Room: "lobby", Members: 2, Shown: 10, PerSecond: 2.5}
		if got := r.loads(t); len(got) != 1 || got[0] != want {
			t.Fatalf("loads %v, want %v", got, want)
		}
		a.do(wire.Command{Type: wire.SendMessage, Room: "lobby", Message: "once more"})
		actorstest.Pause(time.Millisecond)
		if got := r.loads(t); got[0].PerSecond != 2.5 || got[0].Shown != 11 {
			t.Fatalf("loads 1 ms later %v, want the previous rate", got)
		}
		b.ReaderClosed(nil)
		actorstest.Pause(2 * time.Second)
		if got := r.loads(t); got[0].Members != 1 || got[0].PerSecond < 0.49 || got[0].PerSecond > 0.51 {
			t.Fatalf("loads after one member left: %v", got)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(3 * r.core.Set.RoomIdle)
		if got := r.loads(t); len(got) != 0 {
			t.Fatalf("loads %v, want none of a retired room", got)
		}
	})
}

func TestRoomLoadOrders(t *testing.T) {
	all := []room.Load{{Room: "b", Members: 5}, {Room: "a", Members: 5}, {Room: "c", Members: 1, PerSecond: 3}}
	for _, c := range []struct {
		name  string
		order func(a, b *room.Load) int
		want  string
	}{{"by size", (*room.Load).BySize, "abc"}, {"by rate", (*room.Load).ByRate, "cab"}} {
		slices.SortFunc(all, func(x, y room.Load) int { return c.order(&x, &y) })
		if got := all[0].Room + all[1].Room + all[2].Room; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
