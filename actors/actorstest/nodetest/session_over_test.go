package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// Whoever was sent away may leave the close frame unanswered and go on: nothing of it is carried out, or a banned user
// could write on for as long as the connection lasts.
func TestClosingSessionIgnoresCommands(t *testing.T) {
	ways := map[string]func(r *rig, p *peer){
		"disconnected": func(r *rig, p *peer) {
			p.Session.Post(session.CloseSession{Code: wire.ClosePolicy, Reason: "banned: spam"})
		},
		"expired": func(*rig, *peer) { actorstest.Pause(2 * time.Second) },
		"malformed": func(_ *rig, p *peer) {
			for range session.MaxBadFrames {
				p.Malformed("", wire.CodeBadJSON)
			}
		},
	}
	for name, sendAway := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				id := actorstest.AsMember("u-1")
				id.Expires = time.Now().Add(time.Second).UnixMilli()
				p := r.connect(chat.ConnectRequest{Identity: id})
				synctest.Wait()
				p.do(wire.Command{Type: wire.SendMessage, ID: "before", Message: "hello"})
				synctest.Wait()
				sendAway(r, p)
				for i := range 3 {
					p.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint("after", i), Message: "still here"})
					p.do(wire.Command{Type: wire.Join, Room: "den"})
					p.SendControl(wire.SealControl(wire.OpPong, nil))
					synctest.Wait()
				}
				if stored := r.bus.Logs[chat.DefaultRoom]; len(stored) != 1 {
					t.Fatalf("%d messages are stored, want the one that came before: %v", len(stored), stored)
				}
				if r.bus.Subs["den"] {
					t.Error("a room was entered")
				}
				frames := p.socket.Frames(t)
				if last := frames[len(frames)-1]; last.Op != wire.OpClose {
					t.Fatalf("the last frame is no close frame: %v", last)
				}
				p.ReaderClosed(nil)
				actorstest.Pause(5 * time.Second)
				if n := len(r.bus.Present[chat.DefaultRoom]); n != 0 {
					t.Errorf("%d users are left behind", n)
				}
			})
		})
	}
}
