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

// A user whose new token gives another role and name is counted by it in every room, those that still wait
// for their log too, and nothing of them stays when they leave.
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
			t.Fatalf("frames: %v", a.socket.Frames(t))
		}
		r.bus.SetErr(nil)
		actorstest.Pause(10 * time.Second)
		for _, room := range []string{chat.DefaultRoom, "den"} {
			if got := r.bus.Present[room]; len(got) != 1 || got["ann"] != "admin" {
				t.Errorf("present in %s: %v", room, got)
			}
		}
		a.do(wire.Command{Type: wire.Who, Room: chat.DefaultRoom})
		actorstest.Pause(time.Second)
		if got := string(a.onlyFrame("roster").Data); got != `[{"userId":"ann","userName":"Ann the admin","role":"admin"}]` {
			t.Errorf("roster: %s", got)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
		for _, room := range []string{chat.DefaultRoom, "den"} {
			if got := r.bus.Present[room]; len(got) != 0 {
				t.Errorf("left behind in %s: %v", room, got)
			}
		}
	})
}

// A token ends when the clock says so, whatever the clock did since the timer was armed. To a session a clock
// that is set back is a token that ends later than its timer thinks.
func TestTokenExpiresAfterClockSetBack(t *testing.T) {
	for _, back := range []time.Duration{time.Hour, time.Second} {
		t.Run(back.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *chat.Settings) { s.PingInterval, s.PresenceTimeout = 24*time.Hour, 48*time.Hour })
				defer r.stop()
				id := actorstest.AsMember("ann")
				id.Expires = time.Now().Add(2 * time.Minute).UnixMilli()
				a := r.connect(chat.ConnectRequest{Identity: id})
				ends := &a.Session.Actor.(*session.Session).Identity.Expires
				for range 2 { // before the notice, and before the end
					actorstest.Pause(50 * time.Second)
					*ends += back.Milliseconds()
					a.do(wire.Command{Type: wire.Ping}) // the session's next turn comes after this
				}
				actorstest.Pause(time.Until(time.UnixMilli(*ends)) - time.Second)
				if code := actorstest.CloseCode(t, a.socket); code != 0 {
					t.Fatalf("closed with %d before the token's end", code)
				}
				actorstest.Pause(2 * time.Second)
				if code := actorstest.CloseCode(t, a.socket); code != wire.CloseUnauthorized {
					t.Fatalf("the token has ended, and the connection's close code is %d", code)
				}
				if len(a.framesOfType("auth_expiring")) == 0 {
					t.Error("the end was not announced")
				}
				a.ReaderClosed(nil)
				actorstest.Pause(time.Second)
			})
		})
	}
}

// A token that says the same and only lasts longer costs the rooms nothing, however often it is sent.
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
		if told := r.sys.ByKind[presence.Kind.Name].Handled.Load() - before; told != 0 || len(a.framesOfType("ack")) != 100 {
			t.Errorf("the presence was told %d times, and %d tokens were taken", told, len(a.framesOfType("ack")))
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
