package process

import (
	"testing"
	"testing/synctest"
	"time"
)

// Each test of this file is for a problem of hollywood v1.0.5. Its comment describes the behavior of hollywood's own
// process; the test checks that Process behaves differently.

// hollywood ends the program if an actor exceeds MaxRestarts or panics in Stopped.
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

// hollywood handles Started on the goroutine of the spawner, and each panic in Started nests the stack deeper.
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
				<-spawner // deadlocks if this runs on the goroutine of the spawner
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
			t.Fatalf("%d starts, want 15; the stack grew from %d to %d frames", starts, first, last)
		}
	})
}

// The mailbox of hollywood doubles without limit and never shrinks.
func TestTrapEmptyMailboxShrinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestSystem(t).spawn(100000, actorFunc(func(*Process, any) {}))
		for range 50000 {
			_ = p.TryPost(1)
		}
		synctest.Wait()
		if c := cap(p.mail.spare); c > maxSpare || !p.mail.empty() {
			t.Fatalf("an empty mailbox has %d slots", c)
		}
		<-p.Stop()
	})
}

// A second Spawn with the same id returns the address of the first actor without an error.
func TestTrapDuplicateIDPanics(t *testing.T) {
	sys := newTestSystem(t)
	p := sys.spawn(1, actorFunc(func(*Process, any) {}))
	defer func() {
		if recover() == nil {
			t.Error("Spawn with an id in use did not panic")
		}
		<-p.Stop()
	}()
	sys.spawn(1, actorFunc(func(*Process, any) {}))
}

// hollywood cannot poison a custom process. A poison pill must neither stop Process nor break it.
func TestTrapPoisonDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		got := 0
		p := sys.spawn(8, actorFunc(func(*Process, any) { got++ }))
		sys.Engine.Poison(p.PID())
		sys.Engine.Send(p.PID(), "by the engine")
		synctest.Wait()
		if got < 2 {
			t.Fatalf("%d messages received through the engine, want at least 2", got)
		}
		<-p.Stop()
	})
}
