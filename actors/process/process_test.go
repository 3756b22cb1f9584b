package process

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// actorFunc is an actor made of a function, which receives all its messages.
type actorFunc func(self *Process, msg any)

func (f actorFunc) Receive(self *Process, msg any) { f(self, msg) }

// batchFunc is a batch actor made of a function. It ignores lifecycle messages.
type batchFunc func(msgs []any)

func (f batchFunc) Receive(*Process, any)               {}
func (f batchFunc) ReceiveBatch(_ *Process, msgs []any) { f(msgs) }

func newTestSystem(t testing.TB) *System {
	t.Helper()
	sys, err := NewSystem(zerolog.Nop(), testKinds...)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

// spawn spawns a process with the given capacity of its mailbox.
func (s *System) spawn(capacity int, a Actor) *Process {
	return s.Spawn(Spec{Kind: Kind{Name: "room", Capacity: capacity}, ID: "test", New: func() Actor { return a }})
}

// gate is an actor that handles one message per permit and records its messages.
type gate struct {
	permits chan struct{}
	got     []any
}

func (g *gate) Receive(_ *Process, msg any) {
	switch msg.(type) {
	case Started, Stopped, Recovered:
	default:
		<-g.permits
		g.got = append(g.got, msg)
	}
}

// INV-7: TryPost fails if the mailbox is full. Post succeeds.
func TestFullMailboxRejects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{permits: make(chan struct{})}
		p := newTestSystem(t).spawn(3, g)
		synctest.Wait()
		for i := range 3 {
			if err := p.TryPost(i); err != nil {
				t.Fatalf("TryPost of message %d: %v", i, err)
			}
		}
		if err := p.TryPost(3); !errors.Is(err, ErrMailboxFull) {
			t.Fatalf("TryPost of a fourth message returned %v, want ErrMailboxFull", err)
		}
		if !p.Post(4) {
			t.Fatal("Post to a full mailbox returned false")
		}
		if n := p.kind.Refused.Load(); n != 1 {
			t.Fatalf("%d rejected messages counted, want 1", n)
		}
		close(g.permits)
		<-p.Stop()
		if len(g.got) != 4 {
			t.Fatalf("messages %v, want 4", g.got)
		}
	})
}

func TestWaitPostLosesNothing(t *testing.T) {
	const senders, each, capacity = 8, 500, 4
	var got []int
	p := newTestSystem(t).spawn(capacity, batchFunc(func(msgs []any) {
		if len(msgs) > capacity {
			t.Errorf("batch of %d messages, capacity %d", len(msgs), capacity)
		}
		for _, m := range msgs {
			got = append(got, m.(int))
		}
	}))
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				if err := p.WaitPost(s*each + i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	<-p.Stop()
	next := map[int]int{}
	for _, v := range got {
		if s := v / each; v%each != next[s] {
			t.Fatalf("sender %d: received message %d, want %d", s, v%each, next[s])
		}
		next[v/each]++
	}
	if len(got) != senders*each {
		t.Fatalf("%d of %d messages received", len(got), senders*each)
	}
}

func TestWaitPostEndsWithProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{permits: make(chan struct{})}
		p := newTestSystem(t).spawn(1, g)
		_ = p.TryPost("first")
		var err error
		done := make(chan struct{})
		go func() { defer close(done); err = p.WaitPost("late") }()
		synctest.Wait()
		stopped := p.Stop()
		g.permits <- struct{}{}
		select {
		case g.permits <- struct{}{}: // the waiting message may arrive before the stop
		case <-stopped:
		}
		<-stopped
		<-done
		if err != nil && !errors.Is(err, ErrStopped) {
			t.Fatalf("WaitPost returned %v, want nil or ErrStopped", err)
		}
		if err := p.WaitPost("too late"); !errors.Is(err, ErrStopped) {
			t.Fatalf("WaitPost to a stopped process returned %v, want ErrStopped", err)
		}
	})
}

// An inline send runs an idle receiver on the caller's goroutine, and recovers its panics. A busy receiver handles the
// message later on its own goroutine.
func TestInlineRunsIdleReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		permit := make(chan struct{})
		handled := map[string]int{}
		p := newTestSystem(t).spawn(8, actorFunc(func(_ *Process, msg any) {
			switch text, _ := msg.(string); text {
			case "":
				return
			case "panic":
				panic("planted")
			case "slow":
				<-permit
				fallthrough
			default:
				handled[text]++
			}
		}))
		synctest.Wait()
		for _, msg := range []string{"one", "panic", "two"} {
			if err := p.Inline().WaitPost(msg); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Inline().TryPost("tried"); err != nil || !p.Inline().Post("posted") {
			t.Fatal(err)
		}
		for _, msg := range []string{"one", "two", "tried", "posted"} {
			if handled[msg] != 1 {
				t.Fatalf("inline send returned before %q was handled: %v", msg, handled)
			}
		}
		_ = p.TryPost("slow")
		synctest.Wait()
		if err := p.Inline().WaitPost("behind"); err != nil || handled["behind"] != 0 {
			t.Fatalf("inline send to a busy process: %v; handled %v", err, handled)
		}
		permit <- struct{}{}
		synctest.Wait()
		if handled["behind"] != 1 {
			t.Fatalf("message to a busy process not handled: %v", handled)
		}
		<-p.Stop()
		if wait, try := p.Inline().WaitPost("late"), p.Inline().TryPost("late"); !errors.Is(wait, ErrStopped) || !errors.Is(try, ErrStopped) || p.Inline().Post("late") {
			t.Fatalf("inline sends to a stopped process: %v, %v; want ErrStopped", wait, try)
		}
	})
}

func TestSlotsCountAgainstCapacity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestSystem(t).spawn(2, actorFunc(func(self *Process, msg any) {
			if msg == "work" {
				self.TakeSlots(1)
			}
		}))
		for range 2 {
			if err := p.TryPost("work"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if err := p.TryPost("work"); !errors.Is(err, ErrMailboxFull) {
			t.Fatalf("TryPost with all slots taken returned %v, want ErrMailboxFull", err)
		}
		var err error
		go func() { err = p.WaitPost("waits") }()
		synctest.Wait()
		p.FreeSlots(1)
		synctest.Wait()
		if err != nil || p.Depth() != 1 {
			t.Fatalf("after FreeSlots: WaitPost returned %v, depth %d, want nil and 1", err, p.Depth())
		}
		<-p.Stop()
	})
}

func TestStopIsIdempotent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stops int
		p := newTestSystem(t).spawn(4, actorFunc(func(_ *Process, msg any) {
			if _, ok := msg.(Stopped); ok {
				stops++
			}
		}))
		for _, done := range []<-chan struct{}{p.Stop(), p.Stop(), p.Stop()} {
			<-done
		}
		<-p.Stop()
		if stops != 1 {
			t.Fatalf("the actor received Stopped %d times, want 1", stops)
		}
		if err := p.TryPost(1); !errors.Is(err, ErrStopped) {
			t.Fatalf("TryPost to a stopped process returned %v, want ErrStopped", err)
		}
		if p.Sys.Engine.Registry.GetPID("room", "test") != nil {
			t.Fatal("the stopped process is still registered")
		}
	})
}

func TestIdleProcessOwnsNoGoroutine(t *testing.T) {
	sys := newTestSystem(t)
	done := make(chan struct{})
	p := sys.spawn(4, actorFunc(func(_ *Process, msg any) {
		if msg == "last" {
			close(done)
		}
	}))
	_ = p.TryPost("last")
	<-done
	deadline := time.After(5 * time.Second)
	for p.status.Load() != statusIdle {
		select {
		case <-deadline:
			t.Fatal("the idle process has a goroutine after 5 s")
		case <-time.After(time.Millisecond):
		}
	}
}

func BenchmarkWaitPost(b *testing.B) {
	p := newTestSystem(b).spawn(1<<16, batchFunc(func([]any) {}))
	msg := any(&struct{ room string }{})
	b.ReportAllocs()
	for b.Loop() {
		_ = p.WaitPost(msg)
	}
	<-p.Stop()
}

// testKinds are the kinds of a test system.
var testKinds = []Kind{{Name: "session", Many: true}, {Name: "rooms", Many: false}, {Name: "room", Many: true}, {Name: "writer", Many: false}, {Name: "outbox", Many: true}, {Name: "bridge", Many: false}, {Name: "store", Many: false}}
