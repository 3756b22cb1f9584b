package nodetest

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// INV-1, INV-3: a write is in the journal of a node without Redis, and its client has retried it on another node. If
// its key has expired in Redis, the replay finds the write by its id.
func TestReplayFindsOldWrites(t *testing.T) {
	for _, c := range []struct {
		name    string
		outage  time.Duration
		retried bool // on another node, and the key has expired
		want    int  // entries in the log after the replay of two writes
	}{
		{"long outage, retried", 90 * time.Second, true, 2},
		{"long outage", 90 * time.Second, false, 2},
		{"short outage", 5 * time.Second, false, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				disk := &actorstest.FakeJournal{}
				r := newJournalRig(t, disk, zerolog.Nop())
				defer r.stop()
				a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
				actorstest.Pause(5 * time.Second)
				r.bus.SetErr(actorstest.ErrFake)
				actorstest.Pause(5 * time.Second)
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				a.do(wire.Command{Type: wire.SendMessage, ID: "2", Message: "two"})
				actorstest.Pause(c.outage)
				if len(disk.Writes) != 2 || len(a.framesOfType("ack")) != 2 {
					t.Fatalf("%d writes in the journal and %d acks, want 2 and 2", len(disk.Writes), len(a.framesOfType("ack")))
				}
				r.bus.SetErr(nil)
				if c.retried {
					w := disk.Writes[0]
					_, part := chat.SplitID(w.ID)
					w.ID, w.Key = "0-"+part, "expired"
					if _, err := r.bus.Append(t.Context(), []chat.Write{w}); err != nil {
						t.Fatal(err)
					}
				}
				actorstest.Pause(30 * time.Second)
				if got := len(r.bus.Logs[chat.DefaultRoom]); got != c.want || len(disk.Writes) != 0 || r.core.Degraded() {
					t.Fatalf("%d messages in the log, want %d; %d in the journal; degraded %t", got, c.want, len(disk.Writes), r.core.Degraded())
				}
			})
		})
	}
}

// failingJournal is a journal whose appends fail.
type failingJournal struct{ actorstest.FakeJournal }

// Append implements chat.Journal.
func (*failingJournal) Append([]chat.Write) error { return actorstest.ErrFake }

// A full journal rejects every write. Its error is logged rarely, not for each write.
func TestFullJournalLogsRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newJournalRig(t, &failingJournal{}, zerolog.New(&log).Level(zerolog.ErrorLevel))
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(5 * time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		actorstest.Pause(5 * time.Second)
		const writes = 300
		for range writes {
			a.do(wire.Command{Type: wire.SendMessage, Message: "rejected"})
			actorstest.Pause(50 * time.Millisecond)
		}
		if got := len(a.framesOfType("error")); got != writes {
			t.Fatalf("%d of %d writes rejected", got, writes)
		}
		if lines := bytes.Count(log.Bytes(), []byte{'\n'}); lines != 2 {
			t.Fatalf("%d log lines for %d rejected writes in %v, want 2:\n%s", lines, writes, writes*50*time.Millisecond, log.Bytes())
		}
	})
}

// A failed append may have been stored. Its replay must therefore search the log, even if the key has expired (INV-3).
func TestFailedAppendIsJournaledAsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &actorstest.FakeJournal{}
		r := newJournalRig(t, disk, zerolog.Nop())
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("u")})
		actorstest.Pause(5 * time.Second)
		r.bus.SetErr(actorstest.ErrFake)
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "tried"})
		actorstest.Pause(time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "2", Message: "not tried"})
		actorstest.Pause(time.Second)
		if len(disk.Writes) != 2 || !disk.Writes[0].Tried || disk.Writes[1].Tried {
			t.Fatalf("journal %+v, want the first write tried and the second not", disk.Writes)
		}
	})
}
