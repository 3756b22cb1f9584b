package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// An ack waits for its entry to be shown, so that both are one write; where the bus does not deliver, it waits no
// longer than deliverWithin, and the acks of one client still come in the order of its writes.
func TestAcksWaitForEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		for i := range 5 {
			a.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint(i), Message: "text"})
		}
		actorstest.Pause(2 * room.DeliverWithin)
		acks, shown := a.framesOfType("ack"), a.framesOfType("new_message")
		if len(acks) != 5 || len(shown) != 5 {
			t.Fatalf("%d acks, %d messages", len(acks), len(shown))
		}
		for i, ack := range acks {
			if ack.ID != fmt.Sprint(i) || ack.Seq != shown[i].Seq {
				t.Fatalf("ack %d is %+v, the message %+v", i, ack, shown[i])
			}
		}
		a.ReaderClosed(nil)
		actorstest.Pause(time.Second)
	})
}

// A room whose messages come in time is not woken once more for each of them by its patience.
func TestDeliveryTimerStopsWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool { // the receipt comes first
			time.AfterFunc(time.Millisecond, func() { r.bus.Sink(&d) })
			return true
		}
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "text"})
		actorstest.Pause(2 * time.Millisecond)
		if n := len(a.framesOfType("ack")); n != 1 {
			t.Fatalf("%d acks", n)
		}
		rooms := r.core.Sys.ByKind[room.Kind.Name]
		before := rooms.Handled.Load()
		actorstest.Pause(2 * room.DeliverWithin)
		if woken := rooms.Handled.Load() - before; woken != 0 {
			t.Errorf("an idle room was woken %d times", woken)
		}
	})
}
