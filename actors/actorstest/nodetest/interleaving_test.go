package nodetest

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The cases of TestAnyInterleaving; rapid runs 100 at a time.
var interleavings = flag.Int("interleavings", 1000, "cases of TestAnyInterleaving")

// interleaving is a drawn course of things.
type interleaving struct {
	dropped int // every so many-th delivery is lost; 0: none
	steps   []interleavingStep
}

type interleavingStep struct {
	reader int
	action int // one of the constants below
	n      int // which of the messages to send again, how many to send
	settle int // 0: go on at once, 1: when all is quiet, 2: after a while
}

const (
	stepSend = iota
	stepRetry
	stepLeave
	stepJoin
	stepResume
	stepKinds
)

func drawInterleaving(t *rapid.T) (in interleaving) {
	in.dropped = rapid.IntRange(0, 5).Draw(t, "dropped")
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		in.steps = append(in.steps, interleavingStep{
			reader: rapid.IntRange(0, 3).Draw(t, "who"), action: rapid.IntRange(0, stepKinds-1).Draw(t, "what"),
			n: rapid.IntRange(0, 7).Draw(t, "n"), settle: rapid.IntRange(0, 2).Draw(t, "settle"),
		})
	}
	return in
}

// INV-1, INV-2, INV-3: any interleaving of appends, retries, joins and resumes gives every reader the same
// gapless order with no message twice, and every retry the answer of the first try.
func TestAnyInterleaving(t *testing.T) {
	for range max(1, *interleavings/100) {
		rapid.Check(t, func(rt *rapid.T) {
			in := drawInterleaving(rt)
			var faults []string
			synctest.Test(t, func(t *testing.T) { faults = in.run(t) })
			if len(faults) > 0 {
				rt.Fatal(faults)
			}
		})
	}
}

// run carries it out on a whole core and is what the readers have to complain of.
func (in *interleaving) run(t *testing.T) (faults []string) {
	r := newRig(t)
	defer r.stop()
	n := 0
	r.bus.Drop = func(chat.Delivered) bool { n++; return in.dropped > 0 && n%in.dropped == 0 }
	readers := make([]*reader, 4)
	for i := range readers {
		readers[i] = &reader{rig: r, user: fmt.Sprint("user-", i), acked: map[string]uint64{}}
		readers[i].connect(false)
	}
	for _, s := range in.steps {
		readers[s.reader].step(s)
		switch s.settle {
		case 1:
			synctest.Wait()
		case 2:
			actorstest.Pause(300 * time.Millisecond)
		}
	}
	synctest.Wait()
	in.dropped = 0
	for _, s := range readers {
		s.leave()
		s.connect(true)
	}
	actorstest.Pause(5 * time.Second)
	for _, s := range readers {
		s.readFrames()
		faults = append(faults, s.compare(r.bus.Logs[chat.DefaultRoom])...)
		s.leave()
	}
	return faults
}

// reader is a user who reads and writes on one connection after the other.
type reader struct {
	rig        *rig
	user       string
	peer       *peer // nil: away
	at         wire.Position
	shown      []string // ids, in order, up to at
	sent       int
	acked      map[string]uint64 // client id → seq
	violations []string
}

func (s *reader) step(step interleavingStep) {
	switch {
	case step.action == stepLeave:
		s.leave()
	case s.peer == nil:
		s.connect(step.action != stepJoin)
	case step.action == stepSend:
		for range step.n {
			s.sent++
			s.send(s.sent)
		}
	case step.action == stepRetry && s.sent > 0:
		s.send(1 + step.n%s.sent)
	default:
		s.leave()
		s.connect(step.action == stepResume)
	}
}

func (s *reader) send(n int) {
	s.peer.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint(n), Message: fmt.Sprint(s.user, " says ", n)})
}

func (s *reader) connect(resume bool) {
	s.peer = s.rig.connect(chat.ConnectRequest{Identity: actorstest.AsMember(s.user), Since: s.at, HasSince: resume && s.at.Epoch != ""})
}

func (s *reader) leave() {
	if s.peer == nil {
		return
	}
	s.readFrames()
	s.peer.ReaderClosed(nil)
	s.peer = nil
}

// readFrames takes in all that the connection has brought.
func (s *reader) readFrames() {
	for _, f := range s.peer.socket.Frames(s.rig.t) {
		switch f.Type {
		case "joined":
			if !f.Recovered {
				s.shown = nil
				s.at = wire.Position{Epoch: f.Epoch, Seq: f.Seq}
			}
		case "message_history":
			s.shown = idsOf(s.rig.t, f.Data)
		case "new_message":
			s.onMessage(&f)
		case "ack":
			if seq, again := s.acked[f.ID]; again && seq != f.Seq {
				s.violationf("%s is acknowledged at %d and at %d", f.ID, seq, f.Seq)
			}
			s.acked[f.ID] = f.Seq
		case "error", "resync":
			s.violationf("%s", f.Raw)
		}
	}
}

func (s *reader) onMessage(f *actorstest.Frame) {
	if f.Seq != s.at.Seq+1 || f.Epoch != "" && f.Epoch != s.at.Epoch {
		s.violationf("%s/%d follows %v", f.Epoch, f.Seq, s.at)
	}
	s.at.Seq = f.Seq
	s.shown = append(s.shown, idsOf(s.rig.t, append(append([]byte{'['}, f.Data...), ']'))...)
}

func (s *reader) violationf(format string, args ...any) {
	s.violations = append(s.violations, s.user+": "+fmt.Sprintf(format, args...))
}

func idsOf(t testing.TB, data []byte) (ids []string) {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}

// compare holds the screen against the log: all of its end, as much as is shown, and nothing twice in it.
func (s *reader) compare(log []chat.Entry) []string {
	ids, texts := make([]string, len(log)), map[string]bool{}
	for i, e := range log {
		ids[i] = e.ID
		if texts[e.Message.Text] {
			s.violationf("%q stands in the log twice", e.Message.Text)
		}
		texts[e.Message.Text] = true
	}
	if len(s.shown) > len(ids) || !slices.Equal(s.shown, ids[len(ids)-len(s.shown):]) || len(s.shown) < min(len(ids), s.rig.core.Set.Recent) {
		s.violationf("shows %v, the log is %v", s.shown, ids)
	}
	if s.at.Seq != uint64(len(log)) {
		s.violationf("is at %d of %d", s.at.Seq, len(log))
	}
	for id, seq := range s.acked {
		if e := log[seq-1]; e.Message.Text != s.user+" says "+id {
			s.violationf("%s was acknowledged at %d, where %q stands", id, seq, e.Message.Text)
		}
	}
	return s.violations
}
