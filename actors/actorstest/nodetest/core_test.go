package nodetest

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

func TestTwoMembersChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a, b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")}), r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		synctest.Wait()
		frames := a.socket.Frames(t)
		if len(frames) < 3 || frames[0].Type != "connected" || frames[1].Type != "joined" || frames[2].Type != "message_history" {
			t.Fatalf("first frames are %v", frames)
		}
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: " hello "})
		b.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "hi"})
		synctest.Wait()
		if ack := a.onlyFrame("ack"); ack.ID != "1" || ack.Seq == 0 || ack.MessageID == "" {
			t.Fatalf("ack is %+v", ack)
		}
		for _, p := range []*peer{a, b} {
			got := p.framesOfType("new_message")
			if len(got) != 2 || got[0].Seq != 1 || got[1].Seq != 2 {
				t.Fatalf("%v", got)
			}
		}
		a.ReaderClosed(nil)
		b.ReaderClosed(nil)
		actorstest.Pause(time.Second)
	})
}

// However many nodes announce a room's counts, its members are told at most once in a debounce, the newest, and
// never the same twice.
func TestPresenceFramesAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(2 * time.Second)
		before := len(a.framesOfType("presence"))
		announce := func(members int) {
			r.core.In.Post(chat.Signal{Room: chat.DefaultRoom, Presence: &wire.Counts{Members: members}})
			actorstest.Pause(10 * time.Millisecond)
		}
		for n := range 20 {
			announce(100 + n)
		}
		actorstest.Pause(time.Second)
		announce(119)
		actorstest.Pause(time.Second)
		var told []string
		for _, f := range a.framesOfType("presence")[before:] {
			told = append(told, string(f.Data))
		}
		want := []string{`{"guests":0,"members":100,"admins":0}`, `{"guests":0,"members":119,"admins":0}`}
		if !slices.Equal(told, want) {
			t.Fatalf("told %q, want %q", told, want)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(time.Second)
	})
}

func TestPresenceWaitsForDebounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		tab := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		synctest.Wait()
		if n := len(a.framesOfType("presence")); n != 0 {
			t.Fatalf("%d presence frames before the debounce", n)
		}
		actorstest.Pause(600 * time.Millisecond)
		if got := a.onlyFrame("presence"); string(got.Data) != `{"guests":0,"members":1,"admins":0}` {
			t.Fatalf("presence is %s", got.Raw)
		}
		tab.ReaderClosed(nil)
		actorstest.Pause(time.Second)
		a.onlyFrame("presence") // one of two tabs is no news
		b := r.connect(chat.ConnectRequest{Identity: chat.Identity{UserID: "g", Role: chat.RoleGuest}})
		actorstest.Pause(time.Second)
		b.do(wire.Command{Type: wire.Who})
		synctest.Wait()
		if got := b.onlyFrame("roster"); string(got.Data) != `[{"userId":"ann","userName":"ann","role":"member"},{"userId":"g","role":"guest"}]` {
			t.Fatalf("roster is %s", got.Raw)
		}
	})
}

func TestDroppedDeliveryIsReadFromLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool { return d.Entry.Seq%3 == 0 || d.Entry.Seq == 20 }
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		synctest.Wait()
		for i := range 20 {
			a.do(wire.Command{Type: wire.SendMessage, Message: fmt.Sprint(i)})
		}
		actorstest.Pause(time.Second)
		got := a.framesOfType("new_message")
		if len(got) != 20 {
			t.Fatalf("%d of 20 messages shown", len(got))
		}
		for i, f := range got {
			if f.Seq != uint64(i+1) {
				t.Fatalf("place %d holds seq %d", i, f.Seq)
			}
		}
	})
}

func TestRetiredRoomReopens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		synctest.Wait()
		a.do(wire.Command{Type: wire.SendMessage, Message: "kept"})
		synctest.Wait()
		a.ReaderClosed(nil)
		actorstest.Pause(2 * time.Minute)
		if n := r.core.Stats().Chat.Rooms.Load(); n != 0 {
			t.Fatalf("%d rooms in memory", n)
		}
		b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		synctest.Wait()
		if h := b.onlyFrame("message_history"); h.Seq != 1 {
			t.Fatalf("history is %s", h.Raw)
		}
	})
}

func TestSilentClientIsDisconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(27 * time.Second)
		if last := lastFrame(t, a); last.Op != 9 {
			t.Fatalf("last frame is %+v, want a ping", last)
		}
		actorstest.Pause(5 * time.Second)
		if last := lastFrame(t, a); last.Close != wire.CloseGoingAway {
			t.Fatalf("last frame is %+v, want a close 1001", last)
		}
		actorstest.Pause(10 * time.Second)
		select {
		case <-a.socket.Closed:
		default:
			t.Fatal("the socket is still open")
		}
		a.ReaderClosed(nil)
	})
}

func lastFrame(t *testing.T, p *peer) actorstest.Frame {
	t.Helper()
	all := p.socket.Frames(t)
	return all[len(all)-1]
}
