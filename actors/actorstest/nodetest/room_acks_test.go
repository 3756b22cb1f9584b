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

// An ack is sent together with its entry. If the entry is not delivered in time, the ack is sent alone. The acks of a
// client are in the order of its writes.
func TestAcksWaitForEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		for i := range 5 {
			a.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint(i), Message: "text"})
		}
		actorstest.Pause(2 * room.DeliveryTimeout)
		acks, shown := a.framesOfType("ack"), a.framesOfType("new_message")
		if len(acks) != 5 || len(shown) != 5 {
			t.Fatalf("%d acks and %d messages, want 5 and 5", len(acks), len(shown))
		}
		for i, ack := range acks {
			if ack.ID != fmt.Sprint(i) || ack.Seq != shown[i].Seq {
				t.Fatalf("ack %d: %+v, want the seq of %+v", i, ack, shown[i])
			}
		}
		a.ReaderClosed(nil)
		actorstest.Pause(time.Second)
	})
}

// The delivery timer of a room does not fire if the entry was delivered in time.
func TestDeliveryTimerStopsWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool { // the receipt precedes the delivery
			time.AfterFunc(time.Millisecond, func() { r.bus.Sink(&d) })
			return true
		}
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "text"})
		actorstest.Pause(2 * time.Millisecond)
		if n := len(a.framesOfType("ack")); n != 1 {
			t.Fatalf("%d acks, want 1", n)
		}
		rooms := r.core.Sys.ByKind[room.Kind.Name]
		before := rooms.Handled.Load()
		actorstest.Pause(2 * room.DeliveryTimeout)
		if handled := rooms.Handled.Load() - before; handled != 0 {
			t.Errorf("an idle room handled %d messages, want 0", handled)
		}
	})
}
