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

// INV-1: what is acknowledged was carried out. An id that was used for another request is refused, by the
// log and by the journal.
func TestReusedIDConflicts(t *testing.T) {
	for name, cutOff := range map[string]bool{"in the log": false, "in the journal": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop())
				defer r.stop()
				a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
				actorstest.Pause(5 * time.Second)
				if cutOff {
					r.bus.SetErr(actorstest.ErrFake)
					actorstest.Pause(5 * time.Second)
				}
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				actorstest.Pause(time.Second)
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				actorstest.Pause(time.Second)
				acks := a.framesOfType("ack")
				if len(acks) != 2 || acks[0].MessageID != acks[1].MessageID {
					t.Fatalf("acks: %+v", acks)
				}
				a.do(wire.Command{Type: wire.EditMessage, ID: "1", MessageID: acks[0].MessageID, Message: "two"})
				a.do(wire.Command{Type: wire.DeleteMessage, ID: "1", MessageID: acks[0].MessageID})
				actorstest.Pause(time.Second)
				refused := a.framesOfType("error")
				if len(refused) != 2 || len(a.framesOfType("ack")) != 2 {
					t.Fatalf("%d refused, %d acknowledged: %+v", len(refused), len(a.framesOfType("ack")), refused)
				}
				for _, f := range refused {
					if f.Code != "conflict" {
						t.Errorf("refused with %q", f.Code)
					}
				}
			})
		})
	}
}
