package nodetest

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// INV-7: joins that rooms have not answered count against the capacity of the session, as writes do. Each join is
// answered, or canceled by a leave.
func TestUnansweredJoinsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		joins := 5 * session.Kind.Capacity
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake) // the next room does not open
		sent := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range joins {
				a.do(wire.Command{Type: wire.Join, Room: "den"})
				sent++
			}
			a.do(wire.Command{Type: wire.Leave, Room: "den"})
			a.do(wire.Command{Type: wire.Join, Room: "den"})
		}()
		actorstest.Pause(time.Second)
		if sent > session.Kind.Capacity || a.Session.Depth() > session.Kind.Capacity {
			t.Errorf("%d unanswered joins accepted, depth %d, capacity %d", sent, a.Session.Depth(), session.Kind.Capacity)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		<-done
		actorstest.Pause(time.Minute)
		if n := a.Session.Depth(); n != 0 || a.Session.Actor.(*session.Session).PendingJoins != 0 {
			t.Errorf("after all answers: depth %d, %d pending joins, want 0", n, a.Session.Actor.(*session.Session).PendingJoins)
		}
		if n := len(a.framesOfType("joined")); n < joins+1 {
			t.Errorf("%d joined frames for %d joins", n, joins+2)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}

// A leave cancels the pending joins of its room. Their slots are freed when the read of the log has ended.
func TestLeaveCancelsPendingJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		for range 3 {
			a.do(wire.Command{Type: wire.Join, Room: "den"})
		}
		a.do(wire.Command{Type: wire.Leave, Room: "den"})
		actorstest.Pause(time.Second)
		if n := a.Session.Actor.(*session.Session).PendingJoins; n != 0 {
			t.Errorf("%d pending joins, want 0", n)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		if n := a.Session.Depth(); n != 0 {
			t.Errorf("depth %d, want 0", n)
		}
		a.onlyFrame("left")
		if n := len(a.framesOfType("joined")); n != 1 {
			t.Errorf("%d joined frames, want only that of the first room", n)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}

// A client that joins a room that has stopped gets a new room.
func TestStoppedRoomIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		<-r.roomProcess(t, chat.DefaultRoom).Stop()
		b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		actorstest.Pause(time.Second)
		if got := b.onlyFrame("joined").Room; got != chat.DefaultRoom {
			t.Errorf("joined room %q", got)
		}
		b.do(wire.Command{Type: wire.SendMessage, Message: "hello"})
		actorstest.Pause(time.Second)
		b.onlyFrame("new_message")
		a.ReaderClosed(nil)
		b.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
