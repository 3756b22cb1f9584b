package actors

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/wire"
)

// A roster has the names of users of other nodes as these tell them, and waits for those that nobody knows a
// moment at most, and not again for a while.
func TestNamesOfOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []Signal
		r := newJournalRig(t, &simJournal{}, zerolog.Nop(), func(p *Ports) {
			bus, _ := p.Appender.(*fakeBus)
			p.Appender = &listener{bus, func(s Signal) { asked = append(asked, s) }}
		})
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(5 * time.Second)
		r.bus.present[DefaultRoom]["bob"], r.bus.present[DefaultRoom]["ghost"] = "member", "member"
		who := func() (string, time.Duration) {
			t.Helper()
			before, begun := len(a.of("roster")), time.Now()
			a.do(wire.Command{Type: wire.Who})
			for len(a.of("roster")) == before {
				pause(10 * time.Millisecond)
			}
			return string(a.of("roster")[before].Data), time.Since(begun)
		}
		const ann, ghost = `{"userId":"ann","userName":"ann","role":"member"}`, `{"userId":"ghost","role":"member"}`
		if got, took := who(); got != `[`+ann+`,{"userId":"bob","role":"member"},`+ghost+`]` || took > namesWithin+20*time.Millisecond {
			t.Fatalf("nobody tells: %s after %v", got, took)
		}
		if got := fmt.Sprint(asked[0].Who); len(asked) != 1 || got != "[bob ghost]" {
			t.Fatalf("asked: %+v", asked)
		}
		if _, took := who(); took > 20*time.Millisecond || len(asked) != 1 {
			t.Fatalf("asked again at once: %v, %+v", took, asked)
		}
		r.bus.sink(Signal{Room: DefaultRoom, Names: []wire.User{{ID: "bob", Name: "Bob", Avatar: "https://b"}}})
		pause(unknownKept)
		asked = nil
		if got, _ := who(); got != `[`+ann+`,{"userId":"bob","userName":"Bob","userAvatar":"https://b","role":"member"},`+ghost+`]` {
			t.Fatalf("bob's node has told: %s", got)
		}
		if got := fmt.Sprint(asked[0].Who); len(asked) != 1 || got != "[ghost]" {
			t.Fatalf("asked: %+v", asked)
		}
		asked = nil
		r.bus.sink(Signal{Room: DefaultRoom, Who: []string{"bob", "ann", "ghost"}})
		pause(time.Second)
		if len(asked) != 1 || fmt.Sprint(asked[0].Names) != "[{ann ann  }]" {
			t.Fatalf("told: %+v", asked)
		}
	})
}

// A listener hears what is said about names.
type listener struct {
	*fakeBus
	hear func(Signal)
}

func (l *listener) Signal(ctx context.Context, batch []Signal) error {
	for _, s := range batch {
		if s.Who != nil || s.Names != nil {
			l.hear(s)
		}
	}
	return l.fakeBus.Signal(ctx, batch)
}

// Pages that want the same name ask once.
func TestOneQuestionForOneName(t *testing.T) {
	p := &presence{state: newPresenceState(), names: nameBook{most: 4}}
	n := &namelessPage{room: "r", users: []wire.User{{ID: "a"}, {ID: "b"}}}
	p.fill(n)
	if got := fmt.Sprint(p.unasked(n)); got != "[a b]" {
		t.Fatalf("asked for %s", got)
	}
	p.nameless = append(p.nameless, n)
	m := &namelessPage{room: "r", users: []wire.User{{ID: "b"}, {ID: "c"}}}
	p.fill(m)
	if got := fmt.Sprint(p.unasked(m)); got != "[c]" {
		t.Fatalf("asked for %s", got)
	}
}

func TestNameBookIsBounded(t *testing.T) {
	b, at := nameBook{most: 100}, time.Unix(1_700_000_000, 0)
	for i := range 1000 {
		b.learn(wire.User{ID: fmt.Sprint("u", i), Name: "N"}, at)
	}
	if n := len(b.young) + len(b.old); n > 200 {
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
	got := partsOf([]int{namesPerPart, 1, namesPerPart - 1, 1, 2 * namesPerPart}, size)
	if want := fmt.Sprint([][]int{{namesPerPart}, {1, namesPerPart - 1}, {1}, {2 * namesPerPart}}); fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
	if partsOf(nil, size) != nil {
		t.Error("nothing has a part")
	}
}
