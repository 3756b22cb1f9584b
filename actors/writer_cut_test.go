package actors

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// The close frame is the last of a connection, also for a client whose join is answered behind it.
func TestNothingFollowsTheCloseFrame(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.take(&enter{"before", c, textFrame("joined")})
	b.w.take(&broadcast{room: "before", frame: textFrame("one")})
	b.w.take(&cut{c, wire.ClosePolicy, "banned"})
	b.w.take(&enter{"after", c, textFrame("joined")})
	for range 2 {
		b.w.take(&broadcast{room: "before", frame: textFrame("two")})
		b.w.take(&broadcast{room: "after", frame: textFrame("three")})
		b.w.take(&unicast{c, textFrame("four")})
		b.pass()
	}
	if code := closeCode(t, s); code != wire.ClosePolicy {
		t.Fatalf("the last frame is no close frame: %q", s.data)
	}
	b.w.take(detach{c})
	if len(b.w.clients) != 0 || len(b.w.audiences) != 0 {
		t.Fatalf("the writer keeps %d clients and %d audiences", len(b.w.clients), len(b.w.audiences))
	}
}

// Who was turned out does nothing any more, though its connection lasts until it has read why: a banned user
// could go on writing else.
func TestWhoWasTurnedOutIsNotHeard(t *testing.T) {
	for name, turnOut := range map[string]func(r *rig, a *peer){
		"dismissed": func(_ *rig, a *peer) { a.session.Post(dismiss{wire.ClosePolicy, "banned"}) },
		"malformed": func(_ *rig, a *peer) {
			for range maxBadFrames {
				a.Malformed("", wire.CodeBadJSON)
			}
		},
		"expired": func(*rig, *peer) { pause(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *Settings) { s.PingInterval, s.PresenceTimeout = time.Hour, 2*time.Hour })
				defer r.stop()
				id := asMember("eve")
				id.Expires = time.Now().Add(time.Minute).UnixMilli()
				a := r.connect(Arrival{Identity: id})
				pause(time.Second)
				turnOut(r, a)
				pause(100 * time.Millisecond)
				if closeCode(t, a.socket) == 0 {
					t.Fatal("not turned out")
				}
				for range 100 {
					a.do(wire.Command{Type: wire.SendMessage, Message: "still here"})
					a.do(wire.Command{Type: wire.Join, Room: "den"})
				}
				pause(time.Second)
				if n := len(r.bus.logs[DefaultRoom]); n != 0 {
					t.Errorf("%d messages were taken", n)
				}
				if r.bus.subs["den"] {
					t.Error("a room was entered")
				}
				a.Gone(nil)
				pause(5 * time.Second)
				if n := len(r.bus.present[DefaultRoom]); n != 0 {
					t.Errorf("%d users are left behind", n)
				}
			})
		})
	}
}
