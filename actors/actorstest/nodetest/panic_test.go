package nodetest

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// A process restarts its timer after a panic, and has only one. Otherwise each panic would permanently add ticks.
func TestPanicsDoNotMultiplyTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		actorstest.Pause(time.Second)
		perMinute := func() (n uint64) {
			before := r.sys.ByKind[presence.Kind.Name].Handled.Load() + r.sys.ByKind[cluster.Kind.Name].Handled.Load() + r.sys.ByKind[link.Kind.Name].Handled.Load() + r.sys.ByKind[fanout.WriterKind.Name].Handled.Load()
			actorstest.Pause(time.Minute)
			return r.sys.ByKind[presence.Kind.Name].Handled.Load() + r.sys.ByKind[cluster.Kind.Name].Handled.Load() + r.sys.ByKind[link.Kind.Name].Handled.Load() + r.sys.ByKind[fanout.WriterKind.Name].Handled.Load() - before
		}
		before := perMinute()
		for range 10 {
			for _, p := range append(r.core.Writers, r.core.Bridge, r.core.Heartbeat, r.core.Presence, r.core.Out) {
				p.Post(process.Recovered{})
			}
			actorstest.Pause(time.Minute)
		}
		if after := perMinute(); after > before+before/20 {
			t.Errorf("%d messages per minute before the panics, %d after them", before, after)
		}
	})
}

// A session that panics too often is disconnected. No actor keeps a reference to its client.
func TestStoppedSessionIsCleanedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *chat.Settings) {
			s.PingInterval, s.PresenceTimeout = time.Hour, 2*time.Hour
			s.Verify = func(string) (chat.Identity, error) { panic("planted") }
		})
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		a.do(wire.Command{Type: wire.Join, Room: "den"})
		actorstest.Pause(2 * time.Second)
		for range process.MaxPanics {
			a.do(wire.Command{Type: wire.Auth, Token: "poison"})
		}
		actorstest.Pause(2 * time.Minute)
		if code := actorstest.CloseCode(t, a.socket); code != wire.CloseInternal {
			t.Errorf("close code %d, want 1011", code)
		}
		if err := a.Handle(wire.Command{Type: wire.Ping}); !errors.Is(err, process.ErrStopped) {
			t.Errorf("Handle returned %v, want ErrStopped", err)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(time.Second)
		if n := r.core.Stats().Chat.Sessions.Load(); n != 0 {
			t.Errorf("%d sessions counted, want 0", n)
		}
		for _, w := range r.core.Writers {
			if n := len(w.Actor.(*fanout.Writer).Clients); n != 0 {
				t.Errorf("a writer has %d clients, want 0", n)
			}
		}
		for room, users := range r.bus.Present {
			if len(users) != 0 {
				t.Errorf("users present in %s: %v, want none", room, users)
			}
		}
	})
}
