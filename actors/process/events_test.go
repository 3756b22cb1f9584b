package process

import (
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// recordEvents subscribes to the event stream. The result returns the events received so far, after synctest.Wait.
func (s *System) recordEvents() (events func() []any) {
	r := &recorder{}
	p := s.Spawn(Spec{Kind: Kind{Name: "bridge", Capacity: 1000}, ID: "events", New: func() Actor { return r }})
	s.Engine.Subscribe(p.pid)
	synctest.Wait()
	return func() []any {
		synctest.Wait()
		return slices.DeleteFunc(slices.Clone(r.got), func(v any) bool { _, log := v.(actor.EventLogger); return !log })
	}
}

// A process that panics too often publishes one event for each panic, and one when it stops. Their log events are
// those of OPERATIONS.md.
func TestSupervisionEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		events := sys.recordEvents()
		p := sys.Spawn(Spec{Kind: Kind{Name: "room", Capacity: 100}, ID: "x", New: func() Actor { return &recorder{} }, OnGiveUp: func() { panic("planted") }})
		for range MaxPanics {
			p.Post("boom")
		}
		for p.StoppedErr() == nil {
			synctest.Wait()
			<-time.After(MaxBackoff)
		}
		var logged []string
		for _, e := range events() {
			if level, msg, _ := e.(actor.EventLogger).Log(); level == slog.LevelError {
				logged = append(logged, msg)
			}
		}
		want := append(slices.Repeat([]string{"actor panicked"}, MaxPanics), "actor stopped after repeated panics", "actor cleanup panicked")
		if !reflect.DeepEqual(logged, want) {
			t.Errorf("log events %q, want %q", logged, want)
		}
	})
}

// An actor that does not handle a message counts it.
func TestUnknownMessageIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		p := sys.spawn(8, ignorant{})
		for _, m := range []any{1, "two", 3} {
			_ = p.TryPost(m)
		}
		<-p.Stop()
		if n := p.kind.Unknown.Load(); n != 3 {
			t.Errorf("%d unknown messages, want 3: lifecycle messages are exempt", n)
		}
	})
}

// ignorant handles no message.
type ignorant struct{}

func (ignorant) Receive(self *Process, msg any) { self.Unknown(msg) }
