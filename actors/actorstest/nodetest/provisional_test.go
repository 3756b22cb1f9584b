package nodetest

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// INV-1, INV-3: a client that joins during an outage receives the newest provisional messages, and the others once
// they have a seq. After the outage every client has received every message once.
func TestJoinDuringOutageShowsAllEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop())
		defer r.stop()
		ann := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(5 * time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		actorstest.Pause(5 * time.Second)
		const writes = 40
		for i := range writes {
			ann.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint(i), Message: fmt.Sprint(i)})
			synctest.Wait()
		}
		bob := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		actorstest.Pause(time.Second)
		if got := len(bob.framesOfType("new_message")); got != r.core.Set.Recent {
			t.Fatalf("bob received %d provisional messages, want %d", got, r.core.Set.Recent)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(30 * time.Second)
		for name, p := range map[string]*peer{"ann": ann, "bob": bob} {
			if got := shownEntries(t, p); len(got) != writes {
				t.Errorf("%s received %d entries with a seq, want %d: %v", name, len(got), writes, got)
			}
		}
		if ann.rig.core.Degraded() {
			t.Fatal("degraded after the outage")
		}
	})
}

// shownEntries returns the ids of the messages that the peer received with a seq, by seq. The test fails if a message
// is displayed twice, or is committed without being displayed.
func shownEntries(t *testing.T, p *peer) map[uint64]string {
	t.Helper()
	entries, screen := map[uint64]string{}, map[string]bool{}
	for _, f := range p.socket.Frames(t) {
		switch f.Type {
		case "new_message":
			m := decode[wire.CommittedSeq](t, f) // only the id is used
			if screen[m.ID] {
				t.Errorf("%s is displayed twice", m.ID)
			}
			if screen[m.ID] = true; f.Seq > 0 {
				entries[f.Seq] = m.ID
			}
		case "message_deleted":
			if !f.TakenBack {
				t.Errorf("%s is deleted, want takenBack: %s", f.MessageID, f.Raw)
			}
			delete(screen, f.MessageID)
		case "committed":
			for _, c := range decode[[]wire.CommittedSeq](t, f) {
				if !screen[c.ID] {
					t.Errorf("%s is committed but not displayed", c.ID)
				}
				entries[c.Seq] = c.ID
			}
		}
	}
	return entries
}

// decode decodes the data of a frame.
func decode[T any](t *testing.T, f actorstest.Frame) (v T) {
	t.Helper()
	if err := json.Unmarshal(f.Data, &v); err != nil {
		t.Fatalf("%s: %v", f.Raw, err)
	}
	return v
}
