package process

import (
	"fmt"
	"testing"
	"testing/synctest"
)

func TestLoadsPerKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		spawn := func(kind, id string, capacity int, a Actor) *Process {
			return sys.Spawn(Spec{Kind: Kind{Name: kind, Capacity: capacity}, ID: id, New: func() Actor { return a }})
		}
		busy := &gate{permits: make(chan struct{})}
		one, two := spawn("room", "busy", 8, busy), spawn("room", "idle", 100, actorFunc(func(*Process, any) {}))
		synctest.Wait()
		for i := range 4 {
			if err := one.TryPost(i); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		loads := sys.Loads()
		if got := loads["room"]; got.Depth != 4 || got.MaxUtilization != 0.5 {
			t.Errorf("load of 4 messages in a mailbox of 8: %+v", got)
		}
		if got, ok := loads["store"]; !ok || got != (MailboxLoad{}) {
			t.Errorf("load of a kind without processes: %+v, present %t", got, ok)
		}
		close(busy.permits)
		<-one.Stop()
		<-two.Stop()
		for p := range sys.Processes() {
			t.Errorf("process %s is listed after its end", p.ID())
		}
	})
}

func TestStoppedProcessIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		stopped := make(chan struct{})
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 100}, ID: "bad", OnGiveUp: func() { close(stopped) }, New: func() Actor {
			return actorFunc(func(*Process, any) { panic("always") })
		}})
		for range MaxPanics {
			p.Post("once more")
		}
		<-stopped
		synctest.Wait()
		for p := range sys.Processes() {
			t.Errorf("process %s is listed after its end", p.ID())
		}
	})
}

func BenchmarkLoads(b *testing.B) {
	sys := newTestSystem(b)
	for i := range 20_000 {
		sys.Spawn(Spec{Kind: Kind{Name: "session", Capacity: 64}, ID: fmt.Sprint(i), New: func() Actor { return actorFunc(func(*Process, any) {}) }})
	}
	for b.Loop() {
		if len(sys.Loads()) != len(testKinds) {
			b.Fatal("a kind is missing")
		}
	}
}
