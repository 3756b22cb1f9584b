package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

// newTestPlan returns a plan of n messages, with as many rooms as clients.
func newTestPlan(n uint64, clients, size int) *plan {
	o := &options{Connections: clients, Rooms: clients, Rate: 100, Size: size, RoomPrefix: "r", messageCount: min(n, 1000)}
	p := newPlan(o, "tagtagta", time.Now())
	newClientPool(o, p) // its ledger has at most 1000 pages
	p.total = n
	return p
}

func TestPlanRecognizesMessages(t *testing.T) {
	p := newTestPlan(1<<40, 7, 64)
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.Uint64Range(0, p.total-1).Draw(t, "k")
		var c struct{ Type, ID, Room, Message string }
		text := p.command(nil, k)
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if c.Type != "send_message" || !wire.ValidID(c.ID) || c.Room != p.sender(k).room.name || len(c.Message) != 64 {
			t.Fatalf("%s", text)
		}
		if got, ok := p.inName([]byte(c.ID)); !ok || got != k {
			t.Fatalf("id %s is of %d, %v", c.ID, got, ok)
		}
		data := []byte(`{"id":"x","userName":"\"message\":\"tagtagta-3","message":"` + c.Message + `","timestamp":1}`)
		if got, ok := p.inData(data); !ok || got != k {
			t.Fatalf("%s is of %d, %v", data, got, ok)
		}
	})
}

func TestPlanIgnoresOtherRuns(t *testing.T) {
	p := newTestPlan(10, 1, 32)
	for _, name := range []string{"", "tagtagta", "tagtagta-", "tagtagta-10", "tagtagta-x", "othertag-1", "tagtagtax1", "tagtagta-99999999999999999999999"} {
		if k, ok := p.inName([]byte(name)); ok {
			t.Errorf("%q is of %d", name, k)
		}
		if k, ok := p.inData([]byte(`{"message":"` + name + `"}`)); ok {
			t.Errorf("data with %q is of %d", name, k)
		}
	}
}

func TestPlanSpreadsMessages(t *testing.T) {
	p := newTestPlan(1000, 7, 32)
	p.begin.Store(int64(time.Minute))
	if p.due(0) != time.Minute || p.due(250) != time.Minute+2500*time.Millisecond {
		t.Errorf("due at %v and %v", p.due(0), p.due(250))
	}
	turns := map[int]int{}
	for k := range uint64(700) {
		turns[p.sender(k).index]++
	}
	for i := range 7 {
		if turns[i] != 100 {
			t.Errorf("client %d has %d turns of 700", i, turns[i])
		}
	}
}

func TestCommandDoesNotAllocate(t *testing.T) {
	p := newTestPlan(1000, 2, 128)
	buf := bytes.Repeat([]byte{0}, 512)
	if n := testing.AllocsPerRun(100, func() { buf = p.command(buf[:0], 999) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
