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

// A history request is answered with what was acknowledged before it, and is not held up by what others
// go on writing: here every delivery comes 200 ms late, so something is always on its way.
func TestHistoryDoesNotWaitForTheWritersToPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool {
			time.AfterFunc(200*time.Millisecond, func() { r.bus.Sink(&d) })
			return true
		}
		writer, reader := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")}), r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		synctest.Wait()
		const asked = 10
		for i := range 2 * asked {
			writer.do(wire.Command{Type: wire.SendMessage, Message: fmt.Sprint(i)})
			synctest.Wait()
			if i+1 == asked {
				reader.do(wire.Command{Type: wire.History, ID: "h"})
			}
			actorstest.Pause(50 * time.Millisecond)
		}
		pages := reader.of("message_history") // the first came with the join
		if len(pages) != 2 || pages[1].ID != "h" || pages[1].Seq < asked || pages[1].Seq > asked+5 {
			t.Fatalf("%d history pages: %v", len(pages), pages)
		}
		actorstest.Pause(time.Second)
	})
}
