package actors

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/wire"
)

// INV-1, INV-3: a client that had no answer from a node cut off for long has tried its write on another one,
// and Redis has forgotten the key since: the replay looks for the write itself.
func TestReplayLooksForWhatWasKeptLongAgo(t *testing.T) {
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
				disk := &simJournal{}
				r := newJournalRig(t, disk, zerolog.Nop())
				defer r.stop()
				a := r.connect(Arrival{Identity: asMember("ann")})
				pause(5 * time.Second)
				r.bus.setFail(errFake)
				pause(5 * time.Second)
				a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "one"})
				a.do(wire.Command{Type: wire.SendMessage, ID: "2", Message: "two"})
				pause(c.cutOff)
				if len(disk.writes) != 2 || len(a.of("ack")) != 2 {
					t.Fatalf("the journal holds %d writes, %d acknowledged", len(disk.writes), len(a.of("ack")))
				}
				r.bus.setFail(nil)
				if c.elsewhere {
					w := disk.writes[0]
					_, part := hintOf(w.ID)
					w.ID, w.Key = "0-"+part, "forgotten"
					if _, err := r.bus.Append(t.Context(), []Write{w}); err != nil {
						t.Fatal(err)
					}
				}
				pause(30 * time.Second)
				if got := len(r.bus.logs[DefaultRoom]); got != c.want || len(disk.writes) != 0 || r.core.degraded() {
					t.Fatalf("the log holds %d messages, the journal %d; degraded %t", got, len(disk.writes), r.core.degraded())
				}
			})
		})
	}
}

// fullDisk keeps nothing.
type fullDisk struct{ simJournal }

func (*fullDisk) Keep([]Write) error { return errFake }

// A journal that is full refuses every write, and says so in the log now and then.
func TestFullJournalIsNoLogStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newJournalRig(t, &fullDisk{}, zerolog.New(&log).Level(zerolog.ErrorLevel))
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(5 * time.Second)
		r.bus.setFail(errFake)
		pause(5 * time.Second)
		const writes = 300
		for range writes {
			a.do(wire.Command{Type: wire.SendMessage, Message: "refused"})
			pause(50 * time.Millisecond)
		}
		if got := len(a.of("error")); got != writes {
			t.Fatalf("%d of %d writes refused", got, writes)
		}
		if lines := bytes.Count(log.Bytes(), []byte{'\n'}); lines != 2 {
			t.Fatalf("%d lines about %d refused writes in %v, want 2:\n%s", lines, writes, writes*50*time.Millisecond, log.Bytes())
		}
	})
}

// newJournalRig is a rig with a disk, of a node among others.
func newJournalRig(t *testing.T, disk Journal, log zerolog.Logger, change ...func(*Ports)) *rig {
	sys, err := NewSystem(log, Kinds...)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, bus: newFakeBus(), sys: sys}
	set := testSettings()
	set.Distributed = true
	ports := portsOf(r.bus)
	ports.Journal = disk
	for _, f := range change {
		f(&ports)
	}
	r.core = New(r.sys, set, ports)
	r.core.Start()
	return r
}

// setFail lets every call fail from now on; nil: none.
func (b *fakeBus) setFail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

// TestUnknownFateIsKeptAsTried: an append that has failed may be in the log all the same, so its replay has to
// look for it, whatever has become of its key (INV-3).
func TestUnknownFateIsKeptAsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &simJournal{}
		r := newJournalRig(t, disk, zerolog.Nop())
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("u")})
		pause(5 * time.Second)
		r.bus.setFail(errFake)
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "tried"})
		pause(time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "2", Message: "not tried"})
		pause(time.Second)
		if len(disk.writes) != 2 || !disk.writes[0].Tried || disk.writes[1].Tried {
			t.Fatalf("the journal holds %+v", disk.writes)
		}
	})
}
