package publisher

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// A room with a recent receipt of the same epoch is not verified. A room is verified if its log was reset, if it has
// refused a change, or if it had no recent receipt.
func TestUnverifiedSkipsBusyRooms(t *testing.T) {
	now := time.Unix(1e9, 0)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	l := ackedLog{enabled: true}
	for _, a := range []struct {
		room, epoch string
		at          time.Time
	}{
		{"expired", "e", ago(61 * time.Second)},
		{"busy", "e", ago(50 * time.Second)},
		{"quiet", "e", ago(40 * time.Second)},
		{"reset", "e", ago(30 * time.Second)},
		{"refused", "e", ago(2 * time.Second)},
		{"refused", "", ago(time.Second)},
		{"reset", "f", ago(time.Second)},
		{"busy", "e", ago(time.Second)},
	} {
		l.add(chat.Write{Room: a.room}, chat.Receipt{Epoch: a.epoch}, a.at)
	}
	rooms := map[string]int{}
	for _, a := range l.unverified(now) {
		rooms[a.write.Room]++
	}
	if len(rooms) != 3 || rooms["quiet"] != 1 || rooms["reset"] != 2 || rooms["refused"] != 2 {
		t.Fatalf("unverified writes by room: %v", rooms)
	}
}

// BenchmarkUnverified measures the selection that runs every verifyInterval, at 1,000 messages per second.
func BenchmarkUnverified(b *testing.B) {
	for _, rooms := range []int{1, 1000} {
		b.Run(fmt.Sprint("rooms=", rooms), func(b *testing.B) {
			now := time.Now()
			l := ackedLog{enabled: true}
			for i := range 60_000 {
				l.add(chat.Write{Room: fmt.Sprint("room-", i%rooms)}, chat.Receipt{Epoch: "e", Seq: uint64(i)}, now.Add(-time.Duration(60_000-i)*time.Millisecond))
			}
			for b.Loop() {
				if n := len(l.unverified(now)); n != 0 {
					b.Fatalf("%d writes are unverified", n)
				}
			}
		})
	}
}
