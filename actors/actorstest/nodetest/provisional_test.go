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

// INV-1, INV-3: who joins in a long outage is shown the newest of what the journal holds, and of the rest
// nothing before it has its place; then everybody has been shown everything once.
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
			t.Fatalf("bob was shown %d provisional messages, want %d", got, r.core.Set.Recent)
		}
		r.bus.SetErr(nil)
		actorstest.Pause(30 * time.Second)
		for name, p := range map[string]*peer{"ann": ann, "bob": bob} {
			if got := shownEntries(t, p); len(got) != writes {
				t.Errorf("%s was shown %d places, want %d: %v", name, len(got), writes, got)
			}
		}
		if ann.rig.core.Degraded() {
			t.Fatal("still degraded")
		}
	})
}

// shownEntries is what a peer was shown with a place, by seq; it fails where a message stands on the screen
// twice, or is given a place without being there.
func shownEntries(t *testing.T, p *peer) map[uint64]string {
	t.Helper()
	places, screen := map[uint64]string{}, map[string]bool{}
	for _, f := range p.socket.Frames(t) {
		switch f.Type {
		case "new_message":
			m := decode[wire.CommittedSeq](t, f) // the id is all that matters
			if screen[m.ID] {
				t.Errorf("%s is shown twice", m.ID)
			}
			if screen[m.ID] = true; f.Seq > 0 {
				places[f.Seq] = m.ID
			}
		case "message_deleted":
			if !f.TakenBack {
				t.Errorf("%s is deleted, want it taken back: %s", f.MessageID, f.Raw)
			}
			delete(screen, f.MessageID)
		case "committed":
			for _, c := range decode[[]wire.CommittedSeq](t, f) {
				if !screen[c.ID] {
					t.Errorf("%s has a place and was not shown", c.ID)
				}
				places[c.Seq] = c.ID
			}
		}
	}
	return places
}

func decode[T any](t *testing.T, f actorstest.Frame) (v T) {
	t.Helper()
	if err := json.Unmarshal(f.Data, &v); err != nil {
		t.Fatalf("%s: %v", f.Raw, err)
	}
	return v
}
