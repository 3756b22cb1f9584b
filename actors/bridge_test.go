package actors

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/wire"
)

// A slowEar is a subscriber far away.
type slowEar struct {
	*fakeBus
	takes time.Duration // for each call
	left  []string      // what was unsubscribed from
}

func (e *slowEar) Subscribe(ctx context.Context, rooms ...string) error {
	<-time.After(e.takes)
	return e.fakeBus.Subscribe(ctx, rooms...)
}

func (e *slowEar) Unsubscribe(ctx context.Context, rooms ...string) error {
	<-time.After(e.takes)
	e.left = append(e.left, rooms...)
	return e.fakeBus.Unsubscribe(ctx, rooms...)
}

// TestManyRoomsThatEndTogether: many clients go home, and their rooms end. To say so room by room took
// the bridge so long that it heard no probe of its own, and took its link for deaf.
func TestManyRoomsThatEndTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ear := &slowEar{takes: 100 * time.Millisecond}
		r := newJournalRig(t, &simJournal{}, zerolog.New(&log), func(p *Ports) {
			ear.fakeBus, _ = p.Subscriber.(*fakeBus)
			p.Subscriber = ear
		})
		defer r.stop()
		const clients, rooms = 10, 10
		var all []*peer
		for i := range clients {
			a := r.connect(Arrival{Identity: asMember(fmt.Sprint("u", i))})
			for k := range rooms - 1 {
				a.do(wire.Command{Type: wire.Join, Room: fmt.Sprintf("room-%d-%d", i, k)})
			}
			all = append(all, a)
		}
		pause(10 * time.Second)
		for _, a := range all {
			a.Gone(nil)
		}
		pause(2 * time.Minute)
		if want := clients*(rooms-1) + 1; len(ear.left) != want || len(r.bus.subs) != 0 {
			t.Errorf("%d rooms were left, want %d; still subscribed to %v", len(ear.left), want, r.bus.subs)
		}
		if bytes.Contains(log.Bytes(), []byte(`"mode":"degraded"`)) {
			t.Errorf("the link was lost:\n%s", log.Bytes())
		}
	})
}

// A room's answer to what it was asked in an earlier turn, behind the message that begins the next one, says
// nothing of this one: all would be said to be well before the room has caught up (INV-5).
func TestAnEarlierTurnsAnswerIsNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newJournalRig(t, &simJournal{}, zerolog.Nop())
		defer r.stop()
		b := &bridge{core: r.core.linkDeps, rooms: map[string]*Process{"r": r.core.out}, late: map[string]struct{}{}}
		self := r.sys.Prepare(Spec{Kind: KindBridge, ID: "test", Bound: 8, New: func() Actor { return b }})
		b.state = linkState{mode: linkDegraded, hearing: true, proven: provenHearing}
		b.ReceiveBatch(self, []any{linkWrote{}, caughtUp{"r", b.turn}})
		if b.state.mode != linkRecovering || b.state.proven&provenRooms != 0 || len(b.late) != 1 {
			t.Fatalf("%v, proven %b, late %v", b.state.mode, b.state.proven, b.late)
		}
		b.ReceiveBatch(self, []any{caughtUp{"r", b.turn}})
		if b.state.proven&provenRooms == 0 {
			t.Fatal("the answer to this turn does not count")
		}
	})
}

// TestTheLogHasTheErrorBehindACause: what all are told names no address; who mends it at night needs one.
func TestTheLogHasTheErrorBehindACause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newJournalRig(t, &simJournal{}, zerolog.New(&log))
		defer r.stop()
		r.core.set.Explain = func(error) string { return "Redis cannot be reached." }
		pause(5 * time.Second)
		r.bus.sink(Broken{Err: fmt.Errorf("dial tcp 10.0.0.7:6379: connection refused")})
		pause(time.Minute)
		lost, healed := []byte(`:"dial tcp 10.0.0.7:6379: connection refused","mode":"degraded","cause":"Redis cannot be reached."`), []byte(`"mode":"healthy","cause":""`)
		if !bytes.Contains(log.Bytes(), lost) || !bytes.Contains(log.Bytes(), healed) || bytes.Count(log.Bytes(), []byte("10.0.0.7")) != bytes.Count(log.Bytes(), []byte(`"mode":"degraded"`)) {
			t.Errorf("the log has\n%s", log.Bytes())
		}
	})
}

// TestTheLogNamesARoomThatReloads: Redis was emptied, which nothing else in the log tells of.
func TestTheLogNamesARoomThatReloads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newJournalRig(t, &simJournal{}, zerolog.New(&log))
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ada"), Room: "lobby"})
		pause(5 * time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "m1", Message: "before"})
		pause(time.Second)
		r.bus.mu.Lock()
		r.bus.epoch, r.bus.logs = "e2", map[string][]Entry{}
		r.bus.mu.Unlock()
		a.do(wire.Command{Type: wire.SendMessage, ID: "m2", Message: "after"})
		pause(5 * time.Second)
		if line := []byte(`"room":"lobby","epoch":"e2","seq":1,"why":"` + whyEpoch + `","message":"room reloads"`); bytes.Count(log.Bytes(), line) != 1 {
			t.Errorf("the log has\n%s", log.Bytes())
		}
	})
}
