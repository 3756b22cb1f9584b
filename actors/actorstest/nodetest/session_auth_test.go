package nodetest

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// A new token with another role and name changes the presence of its user in all rooms, also in rooms that still wait
// for the log. The user is removed when it leaves.
func TestNewTokenChangesPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		promoted := chat.Identity{UserID: "ann", UserName: "Ann the admin", Role: chat.RoleAdmin}
		r := newRig(t, func(s *chat.Settings) { s.Verify = func(string) (chat.Identity, error) { return promoted, nil } })
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		a.do(wire.Command{Type: wire.Join, Room: "den"})
		actorstest.Pause(50 * time.Millisecond)
		a.do(wire.Command{Type: wire.Auth, ID: "1", Token: "new"})
		actorstest.Pause(50 * time.Millisecond)
		if a.onlyFrame("ack").ID != "1" || len(a.framesOfType("joined")) != 1 {
			t.Fatalf("frames %v, want an ack and one joined", a.socket.Frames(t))
		}
		r.bus.SetErr(nil)
		actorstest.Pause(10 * time.Second)
		for _, room := range []string{chat.DefaultRoom, "den"} {
			if got := r.bus.Present[room]; len(got) != 1 || got["ann"] != "admin" {
				t.Errorf("users present in %s: %v, want ann as admin", room, got)
			}
		}
		a.do(wire.Command{Type: wire.Who, Room: chat.DefaultRoom})
		actorstest.Pause(time.Second)
		if got := string(a.onlyFrame("roster").Data); got != `[{"userId":"ann","userName":"Ann the admin","role":"admin"}]` {
			t.Errorf("roster %s", got)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
		for _, room := range []string{chat.DefaultRoom, "den"} {
			if got := r.bus.Present[room]; len(got) != 0 {
				t.Errorf("users present in %s: %v, want none", room, got)
			}
		}
	})
}

// A token expires by the system clock, even if the clock was set back after the timer was started. The test moves the
// expiry instead of the clock, because the session cannot tell the difference.
func TestTokenExpiresAfterClockSetBack(t *testing.T) {
	for _, back := range []time.Duration{time.Hour, time.Second} {
		t.Run(back.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *chat.Settings) { s.PingInterval, s.PresenceTimeout = 24*time.Hour, 48*time.Hour })
				defer r.stop()
				id := actorstest.AsMember("ann")
				id.Expires = time.Now().Add(2 * time.Minute).UnixMilli()
				a := r.connect(chat.ConnectRequest{Identity: id})
				expires := &a.Session.Actor.(*session.Session).Identity.Expires
				for range 2 { // before the notice, and before the expiry
					actorstest.Pause(50 * time.Second)
					*expires += back.Milliseconds()
					a.do(wire.Command{Type: wire.Ping}) // orders the next turn of the session after the assignment
				}
				actorstest.Pause(time.Until(time.UnixMilli(*expires)) - time.Second)
				if code := actorstest.CloseCode(t, a.socket); code != 0 {
					t.Fatalf("close code %d before the token expired", code)
				}
				actorstest.Pause(2 * time.Second)
				if code := actorstest.CloseCode(t, a.socket); code != wire.CloseUnauthorized {
					t.Fatalf("close code %d after the token expired, want 4401", code)
				}
				if len(a.framesOfType("auth_expiring")) == 0 {
					t.Error("no auth_expiring frame")
				}
				a.ReaderClosed(nil)
				actorstest.Pause(time.Second)
			})
		})
	}
}

// A token that differs only in its expiry is not announced to the rooms.
func TestExtendedTokenIsNotAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		id := actorstest.AsMember("ann")
		r := newRig(t, func(s *chat.Settings) {
			s.Verify = func(string) (chat.Identity, error) { id.Expires++; return id, nil }
		})
		defer r.stop()
		id.Expires = time.Now().Add(time.Hour).UnixMilli()
		a := r.connect(chat.ConnectRequest{Identity: id})
		actorstest.Pause(time.Second)
		before := r.sys.ByKind[presence.Kind.Name].Handled.Load()
		for range 100 {
			a.do(wire.Command{Type: wire.Auth, Token: "newer"})
		}
		actorstest.Pause(100 * time.Millisecond)
		if handled := r.sys.ByKind[presence.Kind.Name].Handled.Load() - before; handled != 0 || len(a.framesOfType("ack")) != 100 {
			t.Errorf("the presence actor handled %d messages, want 0; %d acks, want 100", handled, len(a.framesOfType("ack")))
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
