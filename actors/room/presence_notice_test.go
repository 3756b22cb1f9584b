package room

import (
	"slices"
	"testing"
	"time"

	"chatnode/actors/presence"
)

// The intervals of presence notices, with other broadcasts and without, grow with the room.
func TestPresenceIntervalsGrowWithRoom(t *testing.T) {
	const half, second = 500 * time.Millisecond, time.Second
	var got [][2]time.Duration
	for _, members := range []int{1, 299, 300, 1000, 9000, 18_000, 100_000} {
		got = append(got, [2]time.Duration{presence.Debounce(half, members), idlePresenceInterval(half, members)})
	}
	want := [][2]time.Duration{{half, half}, {half, half}, {half, second}, {second, 2 * second}, {5 * second, 31 * half}, {5 * second, 30 * second}, {5 * second, 30 * second}}
	if !slices.Equal(got, want) {
		t.Fatalf("intervals %v, want %v", got, want)
	}
}
