package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// In a large room, a presence frame is sent after the debounce together with another frame. Alone it is sent less
// often, after the interval for silent rooms.
func TestLargeRoomPresenceIsDelayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		for i := range 600 { // debounce 0.5 s, interval of presence frames alone 1.5 s
			r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint(i))})
		}
		actorstest.Pause(10 * time.Second)
		announce := func(members int) {
			r.core.In.Post(chat.Signal{Room: chat.DefaultRoom, Presence: &wire.Counts{Members: members}})
			synctest.Wait()
		}
		startedAt, seen, writes := time.Now(), len(a.socket.Frames(t)), a.socket.WriteCount()
		at := func(after time.Duration, frames, written int, last string) {
			t.Helper()
			actorstest.Pause(after - time.Since(startedAt))
			got := a.socket.Frames(t)[seen:]
			if len(got) != frames || a.socket.WriteCount()-writes != written || got[frames-1].Type+string(got[frames-1].Data) != last {
				t.Fatalf("after %v: %d frames in %d writes, want %d in %d with the last %s: %v", after, len(got), a.socket.WriteCount()-writes, frames, written, last, got)
			}
		}
		counts := func(n int) string { return fmt.Sprintf(`presence{"guests":0,"members":%d,"admins":0}`, n) }
		typing := func(text string) {
			_ = r.core.Out.TryPost(chat.Signal{Room: chat.DefaultRoom, Typing: &wire.User{ID: text}})
			synctest.Wait()
		}
		announce(2001)
		announce(2002)
		at(1400*time.Millisecond, 1, 1, counts(2001))
		at(1600*time.Millisecond, 2, 2, counts(2002))
		announce(2003)
		typing("too soon")
		at(2000*time.Millisecond, 3, 3, `typing{"userId":"too soon","userName":""}`)
		at(2600*time.Millisecond, 3, 3, `typing{"userId":"too soon","userName":""}`)
		typing("due")
		at(2700*time.Millisecond, 5, 4, counts(2003))
		announce(2004)
		at(4*time.Second, 5, 4, counts(2003))
		at(4200*time.Millisecond, 6, 5, counts(2004))
	})
}

// Joins and leaves in a large silent room cause at most some hundreds of writes per second to its members.
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
		before, startedAt := writes(), time.Now()
		for i := 0; time.Since(startedAt) < 15*time.Second; i++ {
			guest := r.connect(chat.ConnectRequest{Identity: chat.Identity{UserID: fmt.Sprint("guest", i), Role: chat.RoleGuest}})
			actorstest.Pause(20 * time.Millisecond)
			if i%3 > 0 {
				guest.ReaderClosed(nil)
			}
		}
		rate := float64(writes()-before) / time.Since(startedAt).Seconds()
		frames := float64(len(all[0].framesOfType("presence"))-1) / time.Since(startedAt).Seconds()
		if rate > 800 || frames < 0.15 { // 600 for presence, the others to clients that join
			t.Fatalf("%.0f writes/s in total, %.2f presence frames/s per member", rate, frames)
		}
	})
}

// BenchmarkJoinLeave measures a join and a leave in a room of 18,000 members, without system calls.
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
