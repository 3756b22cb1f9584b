package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The answer to a history request contains all entries acknowledged before it, and does not wait for later writes.
// Each delivery is delayed by 200 ms, so writes are always in flight.
func TestHistoryDoesNotWaitForWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool {
			time.AfterFunc(200*time.Millisecond, func() { r.bus.Sink(&d) })
			return true
		}
		writer, reader := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")}), r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		synctest.Wait()
		const before = 10 // writes before the request
		for i := range 2 * before {
			writer.do(wire.Command{Type: wire.SendMessage, Message: fmt.Sprint(i)})
			synctest.Wait()
			if i+1 == before {
				reader.do(wire.Command{Type: wire.History, ID: "h"})
			}
			actorstest.Pause(50 * time.Millisecond)
		}
		pages := reader.framesOfType("message_history") // the first belongs to the join
		if len(pages) != 2 || pages[1].ID != "h" || pages[1].Seq < before || pages[1].Seq > before+5 {
			t.Fatalf("%d history frames, want 2, the second with seq 10 to 15: %v", len(pages), pages)
		}
		actorstest.Pause(time.Second)
	})
}
