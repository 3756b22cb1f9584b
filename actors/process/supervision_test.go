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
	depth int // stack frames at the last message
}

func (r *recorder) Receive(_ *Process, msg any) {
	pcs := make([]uintptr, 512)
	r.depth = runtime.Callers(0, pcs)
	r.got = append(r.got, msg)
	if msg == "boom" {
		panic("boom")
	}
}

// INV-9: a panic loses the message that caused it. The messages before and after it are handled.
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
			t.Fatalf("%d panics and %d restarts, want 1 and 1", p.kind.Panics.Load(), p.kind.Restarts.Load())
		}
		synctest.Wait()
		e, ok := events()[0].(ActorPanicked)
		if !ok || e.PID.ID != "room/test" || !strings.Contains(string(e.Stacktrace), "recorder") || e.Restarts != 1 {
			t.Fatalf("the first event is %v, want ActorPanicked of room/test with its stack", events()[0])
		}
	})
}

// eachRecorder records its messages with Each, and panics on "boom".
type eachRecorder struct{ got []any }

func (e *eachRecorder) Receive(_ *Process, msg any) { e.got = append(e.got, msg) }

func (e *eachRecorder) ReceiveBatch(self *Process, msgs []any) {
	for msg := range self.Each(msgs) {
		if e.got = append(e.got, msg); msg == "boom" {
			panic("boom")
		}
	}
}

// INV-9: an actor that iterates over a batch with Each loses the message that panics. The later messages are handled.
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
			t.Fatalf("received %v, want %v; depth %d, %d messages counted", e.got, want, p.Depth(), p.kind.Handled.Load())
		}
		<-p.Stop()
	})
}

func TestRebuildMakesNewActor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var actors []*recorder
		sys := newTestSystem(t)
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 8}, ID: "x", Rebuild: true, New: func() Actor {
			actors = append(actors, &recorder{})
			return actors[len(actors)-1]
		}})
		_ = p.TryPost("boom")
		_ = p.TryPost("after")
		<-p.Stop()
		if len(actors) != 2 || actors[1].got[0] != (Started{}) || actors[1].got[1] != "after" {
			t.Fatalf("%d actors, the last received %v", len(actors), actors[len(actors)-1].got)
		}
	})
}

func TestRepeatedPanicsStopProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		r := &recorder{}
		callbacks := 0
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 1000}, ID: "x", New: func() Actor { return r }, OnGiveUp: func() { callbacks++ }})
		startedAt := time.Now()
		for range 100 {
			_ = p.TryPost("boom")
		}
		stopped := p.Stop()
		<-stopped
		if callbacks != 1 {
			t.Fatalf("OnGiveUp called %d times, want 1", callbacks)
		}
		booms := 0
		for _, m := range r.got {
			if m == "boom" {
				booms++
			}
		}
		if booms != MaxPanics {
			t.Fatalf("%d panics before the process stopped, want %d", booms, MaxPanics)
		}
		if took := time.Since(startedAt); took < 5*time.Second {
			t.Fatalf("%d panics within %v, want back-off of at least 5 s", booms, took)
		}
		if err := p.TryPost("x"); !errors.Is(err, ErrStopped) || sys.ByKind["room"].Live.Load() != 0 {
			t.Fatalf("the process is still running: TryPost returned %v", err)
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
			t.Fatalf("Backoff(%d) is %v", n, d)
		}
	}
	if maxBackoffAfter(3) != 200*time.Millisecond || maxBackoffAfter(50) != MaxBackoff {
		t.Fatalf("maxBackoffAfter(3) and (50) are %v and %v", maxBackoffAfter(3), maxBackoffAfter(50))
	}
}

// A panic in OnGiveUp is counted, and the process stops nevertheless.
func TestPanicInOnGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 100}, ID: "x", New: func() Actor { return &recorder{} }, OnGiveUp: func() { panic("planted") }})
		for range MaxPanics {
			_ = p.TryPost("boom")
		}
		<-p.Stop()
		if n := p.kind.Panics.Load(); n != MaxPanics+1 || p.kind.Live.Load() != 0 {
			t.Fatalf("%d panics counted, %d processes running", n, p.kind.Live.Load())
		}
	})
}
