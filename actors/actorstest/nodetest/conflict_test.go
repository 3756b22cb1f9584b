package nodetest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// INV-1: an acknowledged request was carried out. The log and the journal reject a request with the id of another one.
func TestReusedIDConflicts(t *testing.T) {
	for name, disconnected := range map[string]bool{"in the log": false, "in the journal": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop())
				defer r.stop()
				a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
				actorstest.Pause(5 * time.Second)
				if disconnected {
					r.bus.SetErr(actorstest.ErrFake)
					actorstest.Pause(5 * time.Second)
				}
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				actorstest.Pause(time.Second)
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				actorstest.Pause(time.Second)
				acks := a.framesOfType("ack")
				if len(acks) != 2 || acks[0].MessageID != acks[1].MessageID {
					t.Fatalf("acks %+v, want two for one message", acks)
				}
				a.do(wire.Command{Type: wire.EditMessage, ID: "1", MessageID: acks[0].MessageID, Message: "two"})
				a.do(wire.Command{Type: wire.DeleteMessage, ID: "1", MessageID: acks[0].MessageID})
				actorstest.Pause(time.Second)
				rejected := a.framesOfType("error")
				if len(rejected) != 2 || len(a.framesOfType("ack")) != 2 {
					t.Fatalf("%d errors and %d acks, want 2 and 2: %+v", len(rejected), len(a.framesOfType("ack")), rejected)
				}
				for _, f := range rejected {
					if f.Code != "conflict" {
						t.Errorf("error code %q, want conflict", f.Code)
					}
				}
			})
		})
	}
}
