package actors

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// INV-7: a client that joins faster than its rooms answer is held back like one that writes faster, and every
// join is answered in the end, or ended by a leave.
func TestJoinsAreHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const joins = 5 * sessionBound
		r := newRig(t)
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(time.Second)
		r.bus.setFail(errFake) // the next room cannot be opened
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
		pause(time.Second)
		if sent > sessionBound || a.session.Depth() > sessionBound {
			t.Errorf("%d joins were taken that nothing has answered, and the depth is %d of %d", sent, a.session.Depth(), sessionBound)
		}
		r.bus.setFail(nil)
		pause(time.Minute)
		<-done
		pause(time.Minute)
		if n := a.session.Depth(); n != 0 || a.session.actor.(*session).joins != 0 {
			t.Errorf("everything is answered, and %d slots and %d joins are taken", n, a.session.actor.(*session).joins)
		}
		if n := len(a.of("joined")); n < joins+1 {
			t.Errorf("%d answers to %d joins", n, joins+2)
		}
		a.Gone(nil)
		pause(5 * time.Second)
	})
}

// A leave that overtakes its joins ends them. Their slots are given back when the log has been read that they asked for.
func TestALeaveEndsTheJoinsBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(time.Second)
		r.bus.setFail(errFake)
		for range 3 {
			a.do(wire.Command{Type: wire.Join, Room: "den"})
		}
		a.do(wire.Command{Type: wire.Leave, Room: "den"})
		pause(time.Second)
		if n := a.session.actor.(*session).joins; n != 0 {
			t.Errorf("%d joins are taken", n)
		}
		r.bus.setFail(nil)
		pause(time.Minute)
		if n := a.session.Depth(); n != 0 {
			t.Errorf("%d slots are taken", n)
		}
		a.one("left")
		if n := len(a.of("joined")); n != 1 {
			t.Errorf("%d answers to joins, want that of the first room only", n)
		}
		a.Gone(nil)
		pause(5 * time.Second)
	})
}

// Who comes to a room in the moment in which it is given up gets a new one.
func TestARoomThatHasEndedIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(time.Second)
		<-r.core.rooms.actor.(*rooms).live[DefaultRoom].process.Stop()
		b := r.connect(Arrival{Identity: asMember("bob")})
		pause(time.Second)
		if got := b.one("joined").Room; got != DefaultRoom {
			t.Errorf("joined %q", got)
		}
		b.do(wire.Command{Type: wire.SendMessage, Message: "hello"})
		pause(time.Second)
		b.one("new_message")
		a.Gone(nil)
		b.Gone(nil)
		pause(5 * time.Second)
	})
}
