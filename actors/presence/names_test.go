package presence

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/wire"
)

// Pages that want the same name ask once.
func TestOneQuestionForOneName(t *testing.T) {
	p := &Presence{State: NewPresenceState(), Names: NameCache{Most: 4}}
	n := &pendingRoster{room: "r", users: []wire.User{{ID: "a"}, {ID: "b"}}}
	p.fill(n)
	if got := fmt.Sprint(p.unasked(n)); got != "[a b]" {
		t.Fatalf("asked for %s", got)
	}
	p.nameless = append(p.nameless, n)
	m := &pendingRoster{room: "r", users: []wire.User{{ID: "b"}, {ID: "c"}}}
	p.fill(m)
	if got := fmt.Sprint(p.unasked(m)); got != "[c]" {
		t.Fatalf("asked for %s", got)
	}
}

func TestNameBookIsBounded(t *testing.T) {
	b, at := NameCache{Most: 100}, time.Unix(1_700_000_000, 0)
	for i := range 1000 {
		b.learn(wire.User{ID: fmt.Sprint("u", i), Name: "N"}, at)
	}
	if n := len(b.current) + len(b.previous); n > 200 {
		t.Errorf("%d users are remembered", n)
	}
	if n, ok := b.find("u999", at.Add(namesKept-1)); !ok || n.name != "N" {
		t.Errorf("forgotten: %+v", n)
	}
	if _, ok := b.find("u999", at.Add(namesKept)); ok {
		t.Error("a name is kept for ever")
	}
}

func TestPartsOfAListFitABound(t *testing.T) {
	size := func(n int) int { return n }
	got := splitBySize([]int{namesPerPart, 1, namesPerPart - 1, 1, 2 * namesPerPart}, size)
	if want := fmt.Sprint([][]int{{namesPerPart}, {1, namesPerPart - 1}, {1}, {2 * namesPerPart}}); fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
	if splitBySize(nil, size) != nil {
		t.Error("nothing has a part")
	}
}
