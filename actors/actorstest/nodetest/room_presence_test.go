package nodetest

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// A large room is told who is here as soon as the debounce is over if it is told something anyway, in one write
// with that; by itself less often; and at once whether the counts are exact.
func TestLargeRoomPresenceIsDelayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		for i := range 2 * room.IdlePresenceRoom { // the debounce is 0.5 s, the pause of what is written by itself 1.5 s
			r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint(i))})
		}
		actorstest.Pause(10 * time.Second)
		announce := func(members int) {
			r.core.In.Post(chat.Signal{Room: chat.DefaultRoom, Presence: &wire.Counts{Members: members}})
			synctest.Wait()
		}
		begun, seen, writes := time.Now(), len(a.socket.Frames(t)), a.socket.WriteCount()
		at := func(after time.Duration, frames, written int, last string) {
			t.Helper()
			actorstest.Pause(after - time.Since(begun))
			got := a.socket.Frames(t)[seen:]
			if len(got) != frames || a.socket.WriteCount()-writes != written || got[frames-1].Type+string(got[frames-1].Data) != last {
				t.Fatalf("after %v: %d frames in %d writes, want %d in %d with the last %s: %v", after, len(got), a.socket.WriteCount()-writes, frames, written, last, got)
			}
		}
		counts := func(n int) string { return fmt.Sprintf(`presence{"guests":0,"members":%d,"admins":0}`, n) }
		say := func(text string) {
			_ = r.core.Out.TryPost(chat.Signal{Room: chat.DefaultRoom, Typing: &wire.User{ID: text}})
			synctest.Wait()
		}
		announce(2001)
		announce(2002)
		at(1400*time.Millisecond, 1, 1, counts(2001))
		at(1600*time.Millisecond, 2, 2, counts(2002))
		announce(2003)
		say("too soon")
		at(2000*time.Millisecond, 3, 3, `typing{"userId":"too soon","userName":""}`)
		at(2600*time.Millisecond, 3, 3, `typing{"userId":"too soon","userName":""}`)
		say("due")
		at(2700*time.Millisecond, 5, 4, counts(2003))
		announce(2004)
		at(4*time.Second, 5, 4, counts(2003))
		at(4200*time.Millisecond, 6, 5, counts(2004))
	})
}

// pauses are how long news of who is here waits for company, and how long at all.
func TestPresenceIntervalGrowsWithRoom(t *testing.T) {
	set := chat.Settings{PresenceDebounce: 500 * time.Millisecond}
	var got [][2]time.Duration
	for _, members := range []int{1, 299, 300, 1000, 9000, 18_000, 100_000} {
		got = append(got, [2]time.Duration{presence.PresenceDebounce(&set, members), room.IdlePresenceInterval(&set, members)})
	}
	const half, second = 500 * time.Millisecond, time.Second
	want := [][2]time.Duration{{half, half}, {half, half}, {half, second}, {second, 2 * second}, {5 * second, 31 * half}, {5 * second, 30 * second}, {5 * second, 30 * second}}
	if !slices.Equal(got, want) {
		t.Fatalf("pauses %v, want %v", got, want)
	}
}

// People who come and go in a silent room, however large it is, make some hundreds of writes a second to its other
// members.
func TestChurnMakesFewWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		var all []*peer
		for i := range 3000 {
			all = append(all, r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint(i))}))
		}
		actorstest.Pause(5 * time.Second)
		writes := func() (n int) {
			for _, a := range all {
				n += a.socket.WriteCount()
			}
			return n
		}
		before, begun := writes(), time.Now()
		for i := 0; time.Since(begun) < 15*time.Second; i++ {
			guest := r.connect(chat.ConnectRequest{Identity: chat.Identity{UserID: fmt.Sprint("guest", i), Role: chat.RoleGuest}})
			actorstest.Pause(20 * time.Millisecond)
			if i%3 > 0 {
				guest.ReaderClosed(nil)
			}
		}
		rate := float64(writes()-before) / time.Since(begun).Seconds()
		told := float64(len(all[0].framesOfType("presence"))-1) / time.Since(begun).Seconds()
		if rate > 800 || told < 0.15 { // 600, and what those who come are told themselves
			t.Fatalf("%.0f writes a second, and the members were told %.2f times a second", rate, told)
		}
	})
}

// BenchmarkJoinLeave is one who joins a room of 18,000 and leaves it, all that the node does for it but the
// system calls.
func BenchmarkJoinLeave(b *testing.B) {
	r := newRig(b)
	defer r.stop()
	for i := range 18_000 {
		r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint(i))})
	}
	for b.Loop() {
		c := r.connect(chat.ConnectRequest{Identity: chat.Identity{UserID: "guest", Role: chat.RoleGuest}})
		c.ReaderClosed(nil)
		<-c.socket.Closed
	}
}
