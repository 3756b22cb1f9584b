package presence

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/wire"
)

// Two pages that miss the same name request it once.
func TestNameIsRequestedOnce(t *testing.T) {
	tracker := &Tracker{state: newState(), names: nameCache{maxNames: 4}}
	first := &pendingRoster{room: "r", users: []wire.User{{ID: "a"}, {ID: "b"}}}
	tracker.fillNames(first)
	if got := fmt.Sprint(tracker.namesToRequest(first)); got != "[a b]" {
		t.Fatalf("first page requests %s, want [a b]", got)
	}
	tracker.pending = append(tracker.pending, first)
	second := &pendingRoster{room: "r", users: []wire.User{{ID: "b"}, {ID: "c"}}}
	tracker.fillNames(second)
	if got := fmt.Sprint(tracker.namesToRequest(second)); got != "[c]" {
		t.Fatalf("second page requests %s, want [c]", got)
	}
}

func TestNameCacheIsBounded(t *testing.T) {
	c, at := nameCache{maxNames: 100}, time.Unix(1_700_000_000, 0)
	for i := range 1000 {
		c.learn(wire.User{ID: fmt.Sprint("u", i), Name: "N"}, at)
	}
	if n := len(c.current) + len(c.previous); n > 200 {
		t.Errorf("%d names are cached, want at most 200", n)
	}
	if n, ok := c.find("u999", at.Add(nameTTL-1)); !ok || n.name != "N" {
		t.Errorf("name not found within nameTTL: %+v", n)
	}
	if _, ok := c.find("u999", at.Add(nameTTL)); ok {
		t.Error("name found after nameTTL")
	}
}

func TestSplitBySizeLimitsParts(t *testing.T) {
	size := func(n int) int { return n }
	got := splitBySize([]int{maxNamesBytes, 1, maxNamesBytes - 1, 1, 2 * maxNamesBytes}, size)
	if want := fmt.Sprint([][]int{{maxNamesBytes}, {1, maxNamesBytes - 1}, {1}, {2 * maxNamesBytes}}); fmt.Sprint(got) != want {
		t.Errorf("parts %v, want %v", got, want)
	}
	if splitBySize(nil, size) != nil {
		t.Error("an empty list has a part")
	}
}
