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

// After its close frame a session ignores all commands. Otherwise a banned user could write until the connection ends,
// because a client need not answer the close frame.
func TestClosingSessionIgnoresCommands(t *testing.T) {
	reasons := map[string]func(r *rig, p *peer){
		"disconnected": func(r *rig, p *peer) {
			p.Session.Post(&session.CloseSession{Code: wire.ClosePolicy, Reason: "banned: spam"})
		},
		"expired": func(*rig, *peer) { actorstest.Pause(2 * time.Second) },
		"malformed": func(_ *rig, p *peer) {
			for range session.MaxMalformedFrames {
				p.Malformed("", wire.CodeBadJSON)
			}
		},
	}
	for name, disconnect := range reasons {
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
				disconnect(r, p)
				for i := range 3 {
					p.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint("after", i), Message: "still here"})
					p.do(wire.Command{Type: wire.Join, Room: "den"})
					p.SendControl(wire.SealControl(wire.OpPong, nil))
					synctest.Wait()
				}
				if stored := r.bus.Logs[chat.DefaultRoom]; len(stored) != 1 {
					t.Fatalf("%d messages stored, want only the one before the close: %v", len(stored), stored)
				}
				if r.bus.Subs["den"] {
					t.Error("a room was joined after the close")
				}
				frames := p.socket.Frames(t)
				if last := frames[len(frames)-1]; last.Op != wire.OpClose {
					t.Fatalf("last frame %v, want a close frame", last)
				}
				p.ReaderClosed(nil)
				actorstest.Pause(5 * time.Second)
				if n := len(r.bus.Present[chat.DefaultRoom]); n != 0 {
					t.Errorf("%d users present, want 0", n)
				}
			})
		})
	}
}
