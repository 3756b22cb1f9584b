package actors

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// Whoever was sent away may leave the close frame unanswered and go on: nothing of it is carried out, or a banned user
// could write on for as long as the connection lasts.
func TestSentAwayIsNotListenedTo(t *testing.T) {
	ways := map[string]func(r *rig, p *peer){
		"disconnected": func(r *rig, p *peer) {
			p.session.Post(dismiss{wire.ClosePolicy, "banned: spam"})
		},
		"expired": func(*rig, *peer) { pause(2 * time.Second) },
		"malformed": func(_ *rig, p *peer) {
			for range maxBadFrames {
				p.Malformed("", wire.CodeBadJSON)
			}
		},
	}
	for name, sendAway := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				id := asMember("u-1")
				id.Expires = time.Now().Add(time.Second).UnixMilli()
				p := r.connect(Arrival{Identity: id})
				synctest.Wait()
				p.do(wire.Command{Type: wire.SendMessage, ID: "before", Message: "hello"})
				synctest.Wait()
				sendAway(r, p)
				for i := range 3 {
					p.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint("after", i), Message: "still here"})
					p.do(wire.Command{Type: wire.Join, Room: "den"})
					p.Control(wire.SealControl(wire.OpPong, nil))
					synctest.Wait()
				}
				if stored := r.bus.logs[DefaultRoom]; len(stored) != 1 {
					t.Fatalf("%d messages are stored, want the one that came before: %v", len(stored), stored)
				}
				if r.bus.subs["den"] {
					t.Error("a room was entered")
				}
				frames := p.socket.frames(t)
				if last := frames[len(frames)-1]; last.Op != wire.OpClose {
					t.Fatalf("the last frame is no close frame: %v", last)
				}
				p.Gone(nil)
				pause(5 * time.Second)
				if n := len(r.bus.present[DefaultRoom]); n != 0 {
					t.Errorf("%d users are left behind", n)
				}
			})
		})
	}
}
