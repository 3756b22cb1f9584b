package nodetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// Who joins and leaves one room after the other does not fill the memory with empty ones, and the rooms
// that have somebody stay.
func TestCrowdedEmptyRoomsRetireAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *chat.Settings) { s.RoomIdle = time.Hour })
		defer r.stop()
		kept := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), Room: "kept"})
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")})
		for i := range room.EmptyMost + 1000 {
			room := fmt.Sprint("r", i)
			p.do(wire.Command{Type: wire.Join, Room: room})
			p.do(wire.Command{Type: wire.Leave, Room: room})
		}
		actorstest.Pause(time.Second)
		if n := r.core.Stats().Chat.Rooms.Load(); n > room.EmptyMost {
			t.Errorf("%d rooms in memory, nearly all of them empty", n)
		}
		p.do(wire.Command{Type: wire.Join, Room: "kept"})
		p.do(wire.Command{Type: wire.SendMessage, Room: "kept", Message: "hello"})
		actorstest.Pause(time.Second)
		if got := len(kept.framesOfType("new_message")); got != 1 {
			t.Errorf("the room that somebody was in brought %d messages, want 1", got)
		}
		p.do(wire.Command{Type: wire.Join, Room: fmt.Sprint("r", room.EmptyMost+999)})
		actorstest.Pause(time.Second)
		if joined := p.framesOfType("joined"); joined[len(joined)-1].Room != fmt.Sprint("r", room.EmptyMost+999) {
			t.Errorf("last joined: %+v", joined[len(joined)-1])
		}
	})
}

// A client that joins and leaves has the log read for no more rooms at a time than it has slots for, so it
// stands in nobody's way.
func TestOpeningRoomsPerClientIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		const asked = 1000
		var done atomic.Int64
		go func() {
			for i := range asked {
				room := fmt.Sprint("r", i)
				if p.Handle(wire.Command{Type: wire.Join, Room: room}) != nil || p.Handle(wire.Command{Type: wire.Leave, Room: room}) != nil {
					return
				}
				done.Add(1)
			}
		}()
		actorstest.Pause(50 * time.Millisecond)
		if n := done.Load(); n > int64(session.Kind.Capacity)/fanout.JoinSlots+1 {
			t.Errorf("%d rooms are being opened for one client", n)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		if n := done.Load(); n != asked {
			t.Errorf("%d of %d rooms were opened in the end", n, asked)
		}
		if left := len(p.framesOfType("left")); left != asked {
			t.Errorf("%d of %d were left", left, asked)
		}
	})
}
