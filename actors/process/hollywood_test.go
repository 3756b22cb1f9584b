package process

import (
	"testing"
	"testing/synctest"
	"time"
)

// Each test here stands for a trap of hollywood v1.0.5 that a node must not fall into: what its own
// process would do is said, and that ours does not is shown.

// Its restarts end the whole program once MaxRestarts is passed, and a panic in Stopped does too.
func TestTrapRestartsDoNotExitProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestSystem(t).spawn(100, actorFunc(func(_ *Process, msg any) {
			if _, ok := msg.(Started); !ok {
				panic("always, in Stopped too")
			}
		}))
		for range 5 {
			_ = p.TryPost("x")
		}
		<-p.Stop()
	})
}

// A panic in Started nests the stack, once a restart, and the first start runs on the spawner's goroutine.
func TestTrapStartedDoesNotNest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, last := 0, 0
		starts := 0
		spawner := make(chan struct{})
		sys := newTestSystem(t)
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 4}, ID: "x", Rebuild: true, New: func() Actor {
			r := &recorder{}
			return actorFunc(func(self *Process, msg any) {
				if _, ok := msg.(Started); !ok {
					return
				}
				<-spawner // would never be opened if the spawner ran this
				r.Receive(self, msg)
				if starts++; starts == 1 {
					first = r.depth
				}
				if last = r.depth; starts < 15 {
					panic("not yet")
				}
			})
		}})
		close(spawner)
		<-time.After(2 * time.Minute)
		<-p.Stop()
		if starts != 15 || last > first {
			t.Fatalf("%d starts, the stack grew from %d to %d frames", starts, first, last)
		}
	})
}

// Its mailbox doubles without bound and never shrinks.
func TestTrapEmptyMailboxShrinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestSystem(t).spawn(100000, actorFunc(func(*Process, any) {}))
		for range 50000 {
			_ = p.TryPost(1)
		}
		synctest.Wait()
		if c := cap(p.mail.spare); c > maxSpare || !p.mail.empty() {
			t.Fatalf("an empty mailbox keeps %d slots", c)
		}
		<-p.Stop()
	})
}

// A second spawn under one id returns the first actor's address as if all were well.
func TestTrapDuplicateIDPanics(t *testing.T) {
	sys := newTestSystem(t)
	p := sys.spawn(1, actorFunc(func(*Process, any) {}))
	defer func() {
		if recover() == nil {
			t.Error("a second process of one name was spawned")
		}
		<-p.Stop()
	}()
	sys.spawn(1, actorFunc(func(*Process, any) {}))
}

// A custom process cannot be poisoned: the engine's pill must neither end nor break ours.
func TestTrapPoisonDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		got := 0
		p := sys.spawn(8, actorFunc(func(*Process, any) { got++ }))
		sys.Engine.Poison(p.PID())
		sys.Engine.Send(p.PID(), "by the engine")
		synctest.Wait()
		if got < 2 {
			t.Fatalf("the engine's messages did not arrive: %d", got)
		}
		<-p.Stop()
	})
}
