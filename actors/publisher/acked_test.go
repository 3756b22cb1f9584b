package publisher

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// A room in which something was acknowledged a moment ago, in the epoch of all before it, need not be looked
// through; one that has begun anew, has refused a change, or has been quiet, must be.
func TestOnlyWhatIsInDoubtIsLookedFor(t *testing.T) {
	now := time.Unix(1e9, 0)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	l := AckedLog{On: true}
	for _, a := range []struct {
		room, epoch string
		at          time.Time
	}{
		{"forgotten", "e", ago(61 * time.Second)},
		{"busy", "e", ago(50 * time.Second)},
		{"quiet", "e", ago(40 * time.Second)},
		{"anew", "e", ago(30 * time.Second)},
		{"refused", "e", ago(2 * time.Second)},
		{"refused", "", ago(time.Second)},
		{"anew", "f", ago(time.Second)},
		{"busy", "e", ago(time.Second)},
	} {
		l.add(chat.Write{Room: a.room}, chat.Receipt{Epoch: a.epoch}, a.at)
	}
	rooms := map[string]int{}
	for _, a := range l.unverified(now) {
		rooms[a.write.Room]++
	}
	if len(rooms) != 3 || rooms["quiet"] != 1 || rooms["anew"] != 2 || rooms["refused"] != 2 {
		t.Fatalf("looked for: %v", rooms)
	}
}

// BenchmarkLook is what a look costs the bridge every 20 s, at 1,000 messages a second in all.
func BenchmarkLook(b *testing.B) {
	for _, rooms := range []int{1, 1000} {
		b.Run(fmt.Sprint("rooms=", rooms), func(b *testing.B) {
			now := time.Now()
			l := AckedLog{On: true}
			for i := range 60_000 {
				l.add(chat.Write{Room: fmt.Sprint("room-", i%rooms)}, chat.Receipt{Epoch: "e", Seq: uint64(i)}, now.Add(-time.Duration(60_000-i)*time.Millisecond))
			}
			for b.Loop() {
				if n := len(l.unverified(now)); n != 0 {
					b.Fatalf("%d are in doubt", n)
				}
			}
		})
	}
}
