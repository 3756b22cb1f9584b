package nodetest

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// INV-7: a client that joins faster than its rooms answer is held back like one that writes faster, and every
// join is answered in the end, or ended by a leave.
func TestUnansweredJoinsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		joins := 5 * session.Kind.Capacity
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake) // the next room cannot be opened
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
			t.Errorf("%d joins were taken that nothing has answered, and the depth is %d of %d", sent, a.Session.Depth(), session.Kind.Capacity)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		<-done
		actorstest.Pause(time.Minute)
		if n := a.Session.Depth(); n != 0 || a.Session.Actor.(*session.Session).PendingJoins != 0 {
			t.Errorf("everything is answered, and %d slots and %d joins are taken", n, a.Session.Actor.(*session.Session).PendingJoins)
		}
		if n := len(a.framesOfType("joined")); n < joins+1 {
			t.Errorf("%d answers to %d joins", n, joins+2)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}

// A leave that overtakes its joins ends them. Their slots are given back when the log has been read that they asked for.
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
			t.Errorf("%d joins are taken", n)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		if n := a.Session.Depth(); n != 0 {
			t.Errorf("%d slots are taken", n)
		}
		a.onlyFrame("left")
		if n := len(a.framesOfType("joined")); n != 1 {
			t.Errorf("%d answers to joins, want that of the first room only", n)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}

// Who comes to a room in the moment in which it is given up gets a new one.
func TestStoppedRoomIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		<-r.core.RoomsProcess.Actor.(*room.Rooms).Live[chat.DefaultRoom].Process.Stop()
		b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		actorstest.Pause(time.Second)
		if got := b.onlyFrame("joined").Room; got != chat.DefaultRoom {
			t.Errorf("joined %q", got)
		}
		b.do(wire.Command{Type: wire.SendMessage, Message: "hello"})
		actorstest.Pause(time.Second)
		b.onlyFrame("new_message")
		a.ReaderClosed(nil)
		b.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
