package nodetest

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// INV-1, INV-3: a client that had no answer from a node cut off for long has tried its write on another one,
// and Redis has forgotten the key since: the replay looks for the write itself.
func TestReplayFindsOldWrites(t *testing.T) {
	for _, c := range []struct {
		name      string
		cutOff    time.Duration
		elsewhere bool // and its key forgotten
		want      int  // entries in the log at last, of two writes
	}{
		{"long ago, tried elsewhere", 90 * time.Second, true, 2},
		{"long ago", 90 * time.Second, false, 2},
		{"a moment ago", 5 * time.Second, false, 2},
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
				actorstest.Pause(c.cutOff)
				if len(disk.Writes) != 2 || len(a.framesOfType("ack")) != 2 {
					t.Fatalf("the journal holds %d writes, %d acknowledged", len(disk.Writes), len(a.framesOfType("ack")))
				}
				r.bus.SetErr(nil)
				if c.elsewhere {
					w := disk.Writes[0]
					_, part := chat.SplitID(w.ID)
					w.ID, w.Key = "0-"+part, "forgotten"
					if _, err := r.bus.Append(t.Context(), []chat.Write{w}); err != nil {
						t.Fatal(err)
					}
				}
				actorstest.Pause(30 * time.Second)
				if got := len(r.bus.Logs[chat.DefaultRoom]); got != c.want || len(disk.Writes) != 0 || r.core.Degraded() {
					t.Fatalf("the log holds %d messages, the journal %d; degraded %t", got, len(disk.Writes), r.core.Degraded())
				}
			})
		})
	}
}

// failingJournal keeps nothing.
type failingJournal struct{ actorstest.FakeJournal }

func (*failingJournal) Append([]chat.Write) error { return actorstest.ErrFake }

// A journal that is full refuses every write, and says so in the log now and then.
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
			a.do(wire.Command{Type: wire.SendMessage, Message: "refused"})
			actorstest.Pause(50 * time.Millisecond)
		}
		if got := len(a.framesOfType("error")); got != writes {
			t.Fatalf("%d of %d writes refused", got, writes)
		}
		if lines := bytes.Count(log.Bytes(), []byte{'\n'}); lines != 2 {
			t.Fatalf("%d lines about %d refused writes in %v, want 2:\n%s", lines, writes, writes*50*time.Millisecond, log.Bytes())
		}
	})
}

// newJournalRig is a rig with a disk, of a node among others.
func newJournalRig(t *testing.T, disk chat.Journal, log zerolog.Logger, change ...func(*actors.Ports)) *rig {
	return startJournalRig(t, actorstest.Settings(), disk, log, change...)
}

// startJournalRig is newJournalRig with other settings.
func startJournalRig(t *testing.T, set chat.Settings, disk chat.Journal, log zerolog.Logger, change ...func(*actors.Ports)) *rig {
	sys, err := process.NewSystem(log, actors.Kinds...)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, bus: actorstest.NewFakeBus(), sys: sys}
	set.Distributed = true
	ports := portsOf(r.bus)
	ports.Journal = disk
	for _, f := range change {
		f(&ports)
	}
	r.core = actors.New(r.sys, set, ports)
	r.core.Start()
	return r
}

// TestFailedAppendIsJournaledAsTried: an append that has failed may be in the log all the same, so its replay has to
// look for it, whatever has become of its key (INV-3).
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
			t.Fatalf("the journal holds %+v", disk.Writes)
		}
	})
}
