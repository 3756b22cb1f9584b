package process

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorder records what it receives and panics on "boom".
type recorder struct {
	got   []any
	depth int // frames of the stack at the last message
}

func (r *recorder) Receive(_ *Process, msg any) {
	pcs := make([]uintptr, 512)
	r.depth = runtime.Callers(0, pcs)
	r.got = append(r.got, msg)
	if msg == "boom" {
		panic("boom")
	}
}

// INV-9: what comes before and after a panic is handled.
func TestPanicLosesOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		events := sys.recordEvents()
		r := &recorder{}
		p := sys.spawn(8, r)
		for _, m := range []any{"a", "boom", "b", "c"} {
			_ = p.TryPost(m)
		}
		<-p.Stop()
		want := []any{Started{}, "a", "boom", Recovered{}, "b", "c", Stopped{}}
		if len(r.got) != len(want) {
			t.Fatalf("received %v, want %v", r.got, want)
		}
		for i := range want {
			if r.got[i] != want[i] {
				t.Fatalf("received %v, want %v", r.got, want)
			}
		}
		if p.kind.Panics.Load() != 1 || p.kind.Restarts.Load() != 1 {
			t.Fatalf("%d panics, %d restarts", p.kind.Panics.Load(), p.kind.Restarts.Load())
		}
		synctest.Wait()
		e, ok := events()[0].(ActorPanicked)
		if !ok || e.PID.ID != "room/test" || !strings.Contains(string(e.Stacktrace), "recorder") || e.Restarts != 1 {
			t.Fatalf("the first event is %v, want ActorPanicked of room/test with its stack", events()[0])
		}
	})
}

// eachRecorder goes over its batches by Each, and panics on "boom".
type eachRecorder struct{ got []any }

func (e *eachRecorder) Receive(_ *Process, msg any) { e.got = append(e.got, msg) }

func (e *eachRecorder) ReceiveBatch(self *Process, msgs []any) {
	for msg := range self.Each(msgs) {
		if e.got = append(e.got, msg); msg == "boom" {
			panic("boom")
		}
	}
}

// INV-9: a batch that is gone over by Each loses the message that panics, and none behind it.
func TestPanicInBatchLosesOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys, e := newTestSystem(t), &eachRecorder{}
		p := sys.Prepare(Spec{Kind: Kind{Name: "room", Capacity: 8}, ID: "x", New: func() Actor { return e }})
		for _, m := range []any{"a", "boom", "b", "c"} { // one batch
			_ = p.TryPost(m)
		}
		sys.Launch(p)
		synctest.Wait()
		want := []any{Started{}, "a", "boom", Recovered{}, "b", "c"}
		if !slices.Equal(e.got, want) || p.Depth() != 0 || p.kind.Handled.Load() != uint64(len(want)) {
			t.Fatalf("received %v, want %v; depth %d, %d counted", e.got, want, p.Depth(), p.kind.Handled.Load())
		}
		<-p.Stop()
	})
}

func TestRebuildMakesNewActor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lives []*recorder
		sys := newTestSystem(t)
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 8}, ID: "x", Rebuild: true, New: func() Actor {
			lives = append(lives, &recorder{})
			return lives[len(lives)-1]
		}})
		_ = p.TryPost("boom")
		_ = p.TryPost("after")
		<-p.Stop()
		if len(lives) != 2 || lives[1].got[0] != (Started{}) || lives[1].got[1] != "after" {
			t.Fatalf("%d lives, the second received %v", len(lives), lives[len(lives)-1].got)
		}
	})
}

func TestRepeatedPanicsStopProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		r := &recorder{}
		gaveUp := 0
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 1000}, ID: "x", New: func() Actor { return r }, OnGiveUp: func() { gaveUp++ }})
		begin := time.Now()
		for range 100 {
			_ = p.TryPost("boom")
		}
		stopped := p.Stop()
		<-stopped
		if gaveUp != 1 {
			t.Fatalf("given up %d times", gaveUp)
		}
		booms := 0
		for _, m := range r.got {
			if m == "boom" {
				booms++
			}
		}
		if booms != MaxPanics {
			t.Fatalf("%d panics before it was given up, want %d", booms, MaxPanics)
		}
		if took := time.Since(begin); took < 5*time.Second {
			t.Fatalf("%d panics in %v: that is no back-off", booms, took)
		}
		if err := p.TryPost("x"); !errors.Is(err, ErrStopped) || sys.ByKind["room"].Live.Load() != 0 {
			t.Fatalf("a process given up still lives: %v", err)
		}
	})
}

func TestPanicCountResets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		p := newTestSystem(t).spawn(4, r)
		for range 2 * MaxPanics {
			_ = p.TryPost("boom")
			<-time.After(panicResetAfter + time.Second)
			synctest.Wait()
		}
		if err := p.TryPost("fine"); err != nil {
			t.Fatal(err)
		}
		<-p.Stop()
	})
}

func TestBackoffIsBounded(t *testing.T) {
	sys := newTestSystem(t)
	for n := 1; n < 100; n++ {
		if d := sys.Backoff(n); d < minBackoff || d > MaxBackoff {
			t.Fatalf("try %d waits %v", n, d)
		}
	}
	if maxBackoffAfter(3) != 200*time.Millisecond || maxBackoffAfter(50) != MaxBackoff {
		t.Fatalf("ceilings are %v and %v", maxBackoffAfter(3), maxBackoffAfter(50))
	}
}

// A panic of who is told that a process was given up ends neither the node nor the process's end.
func TestPanicInOnGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 100}, ID: "x", New: func() Actor { return &recorder{} }, OnGiveUp: func() { panic("planted") }})
		for range MaxPanics {
			_ = p.TryPost("boom")
		}
		<-p.Stop()
		if n := p.kind.Panics.Load(); n != MaxPanics+1 || p.kind.Live.Load() != 0 {
			t.Fatalf("%d panics counted, %d processes live", n, p.kind.Live.Load())
		}
	})
}
