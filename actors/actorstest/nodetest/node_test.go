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
			t.Fatalf("frames %v, want connected, joined, message_history", frames)
		}
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: " hello "})
		b.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "hi"})
		synctest.Wait()
		if ack := a.onlyFrame("ack"); ack.ID != "1" || ack.Seq == 0 || ack.MessageID == "" {
			t.Fatalf("ack %+v, want id 1 with a message id and a seq", ack)
		}
		for _, p := range []*peer{a, b} {
			got := p.framesOfType("new_message")
			if len(got) != 2 || got[0].Seq != 1 || got[1].Seq != 2 {
				t.Fatalf("new_message frames %v, want seq 1 and 2", got)
			}
		}
		a.ReaderClosed(nil)
		b.ReaderClosed(nil)
		actorstest.Pause(time.Second)
	})
}

// Members receive at most one presence frame per debounce interval, however many nodes announce counts. It contains
// the newest counts, and equal counts are not sent twice.
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
		var received []string
		for _, f := range a.framesOfType("presence")[before:] {
			received = append(received, string(f.Data))
		}
		want := []string{`{"guests":0,"members":100,"admins":0}`, `{"guests":0,"members":119,"admins":0}`}
		if !slices.Equal(received, want) {
			t.Fatalf("presence frames %q, want %q", received, want)
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
			t.Fatalf("presence frame %s", got.Raw)
		}
		tab.ReaderClosed(nil)
		actorstest.Pause(time.Second)
		a.onlyFrame("presence") // another tab of the user is still connected
		b := r.connect(chat.ConnectRequest{Identity: chat.Identity{UserID: "g", Role: chat.RoleGuest}})
		actorstest.Pause(time.Second)
		b.do(wire.Command{Type: wire.Who})
		synctest.Wait()
		if got := b.onlyFrame("roster"); string(got.Data) != `[{"userId":"ann","userName":"ann","role":"member"},{"userId":"g","role":"guest"}]` {
			t.Fatalf("roster frame %s", got.Raw)
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
			t.Fatalf("%d of 20 messages received", len(got))
		}
		for i, f := range got {
			if f.Seq != uint64(i+1) {
				t.Fatalf("message %d has seq %d", i, f.Seq)
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
			t.Fatalf("history frame %s, want seq 1", h.Raw)
		}
	})
}

func TestSilentClientIsDisconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(27 * time.Second)
		if last := a.lastFrame(t); last.Op != 9 {
			t.Fatalf("last frame is %+v, want a ping", last)
		}
		actorstest.Pause(5 * time.Second)
		if last := a.lastFrame(t); last.Close != wire.CloseGoingAway {
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
