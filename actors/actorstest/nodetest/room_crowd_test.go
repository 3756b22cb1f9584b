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

// A client that joins and leaves many rooms does not fill the memory: empty rooms retire early if there are too many.
// Rooms with members stay.
func TestCrowdedEmptyRoomsRetireAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *chat.Settings) { s.RoomIdle = time.Hour })
		defer r.stop()
		kept := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), Room: "kept"})
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")})
		for i := range room.MaxRoomsBeforeEvict + 1000 {
			room := fmt.Sprint("r", i)
			p.do(wire.Command{Type: wire.Join, Room: room})
			p.do(wire.Command{Type: wire.Leave, Room: room})
		}
		actorstest.Pause(time.Second)
		if n := r.core.Stats().Chat.Rooms.Load(); n > room.MaxRoomsBeforeEvict {
			t.Errorf("%d rooms in memory, most of them empty", n)
		}
		p.do(wire.Command{Type: wire.Join, Room: "kept"})
		p.do(wire.Command{Type: wire.SendMessage, Room: "kept", Message: "hello"})
		actorstest.Pause(time.Second)
		if got := len(kept.framesOfType("new_message")); got != 1 {
			t.Errorf("the member of the kept room received %d messages, want 1", got)
		}
		p.do(wire.Command{Type: wire.Join, Room: fmt.Sprint("r", room.MaxRoomsBeforeEvict+999)})
		actorstest.Pause(time.Second)
		if joined := p.framesOfType("joined"); joined[len(joined)-1].Room != fmt.Sprint("r", room.MaxRoomsBeforeEvict+999) {
			t.Errorf("last joined frame %+v", joined[len(joined)-1])
		}
	})
}

// A client that joins and leaves rooms causes at most as many concurrent reads of the log as it has slots for joins.
func TestOpeningRoomsPerClientIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")})
		actorstest.Pause(time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		const rooms = 1000
		var done atomic.Int64
		go func() {
			for i := range rooms {
				room := fmt.Sprint("r", i)
				if p.Handle(wire.Command{Type: wire.Join, Room: room}) != nil || p.Handle(wire.Command{Type: wire.Leave, Room: room}) != nil {
					return
				}
				done.Add(1)
			}
		}()
		actorstest.Pause(50 * time.Millisecond)
		if n := done.Load(); n > int64(session.Kind.Capacity)/fanout.JoinSlots+1 {
			t.Errorf("%d rooms are opened concurrently for one client", n)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(time.Minute)
		if n := done.Load(); n != rooms {
			t.Errorf("%d of %d rooms were opened", n, rooms)
		}
		if left := len(p.framesOfType("left")); left != rooms {
			t.Errorf("%d of %d rooms were left", left, rooms)
		}
	})
}
