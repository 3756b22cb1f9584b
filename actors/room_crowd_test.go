package actors

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// Who joins and leaves one room after the other does not fill the memory with empty ones, and the rooms
// that have somebody stay.
func TestEmptyRoomsGoAtOnceWhereThereAreVeryMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *Settings) { s.RoomIdle = time.Hour })
		defer r.stop()
		kept := r.connect(Arrival{Identity: asMember("ann"), Room: "kept"})
		p := r.connect(Arrival{Identity: asMember("eve")})
		for i := range emptyMost + 1000 {
			room := fmt.Sprint("r", i)
			p.do(wire.Command{Type: wire.Join, Room: room})
			p.do(wire.Command{Type: wire.Leave, Room: room})
		}
		pause(time.Second)
		if n := r.core.Stats().Chat.Rooms.Load(); n > emptyMost {
			t.Errorf("%d rooms in memory, nearly all of them empty", n)
		}
		p.do(wire.Command{Type: wire.Join, Room: "kept"})
		p.do(wire.Command{Type: wire.SendMessage, Room: "kept", Message: "hello"})
		pause(time.Second)
		if got := len(kept.of("new_message")); got != 1 {
			t.Errorf("the room that somebody was in brought %d messages, want 1", got)
		}
		p.do(wire.Command{Type: wire.Join, Room: fmt.Sprint("r", emptyMost+999)})
		pause(time.Second)
		if joined := p.of("joined"); joined[len(joined)-1].Room != fmt.Sprint("r", emptyMost+999) {
			t.Errorf("last joined: %+v", joined[len(joined)-1])
		}
	})
}

// A client that joins and leaves has the log read for no more rooms at a time than it has slots for, so it
// stands in nobody's way.
func TestAClientOpensFewRoomsAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		p := r.connect(Arrival{Identity: asMember("eve")})
		pause(time.Second)
		r.bus.setFail(errFake)
		const asked = 1000
		var done atomic.Int64
		go func() {
			for i := range asked {
				room := fmt.Sprint("r", i)
				if p.Receive(wire.Command{Type: wire.Join, Room: room}) != nil || p.Receive(wire.Command{Type: wire.Leave, Room: room}) != nil {
					return
				}
				done.Add(1)
			}
		}()
		pause(50 * time.Millisecond)
		if n := done.Load(); n > sessionBound/joinSlots+1 {
			t.Errorf("%d rooms are being opened for one client", n)
		}
		r.bus.setFail(nil)
		pause(time.Minute)
		if n := done.Load(); n != asked {
			t.Errorf("%d of %d rooms were opened in the end", n, asked)
		}
		if left := len(p.of("left")); left != asked {
			t.Errorf("%d of %d were left", left, asked)
		}
	})
}
