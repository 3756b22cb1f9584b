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

// interleavings is the number of cases of TestAnyInterleaving. rapid runs them in batches of 100.
var interleavings = flag.Int("interleavings", 1000, "cases of TestAnyInterleaving")

// interleaving is a random sequence of actions of four readers.
type interleaving struct {
	dropped int // every n-th delivery is lost; 0: none
	steps   []interleavingStep
}

// interleavingStep is one action of one reader.
type interleavingStep struct {
	reader int
	action int // stepSend, …
	n      int // messages to send, or the message to send again
	settle int // afterwards 0: continue at once, 1: wait until all goroutines are idle, 2: wait 300 ms
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

// INV-1, INV-2, INV-3: after any interleaving of appends, retries, joins and resumes, all readers have the same order
// without gaps or duplicates, and each retry has the answer of the first attempt.
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

// run runs the steps on a whole node, and returns the violations that the readers found.
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

// reader is a user that reads and writes on one connection at a time.
type reader struct {
	rig        *rig
	user       string
	peer       *peer // nil: not connected
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

// readFrames handles all frames of the connection. Call it once per connection.
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
				s.violationf("%s was acknowledged at seq %d and at seq %d", f.ID, seq, f.Seq)
			}
			s.acked[f.ID] = f.Seq
		case "error", "resync":
			s.violationf("received %s", f.Raw)
		}
	}
}

// onMessage checks that f follows the newest message, and adds it.
func (s *reader) onMessage(f *actorstest.Frame) {
	if f.Seq != s.at.Seq+1 || f.Epoch != "" && f.Epoch != s.at.Epoch {
		s.violationf("seq %s/%d received after %v", f.Epoch, f.Seq, s.at)
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

// compare checks that the displayed messages are the end of the log, that the log contains no text twice, and that
// acks name the right seqs. It returns all violations.
func (s *reader) compare(log []chat.Entry) []string {
	ids, texts := make([]string, len(log)), map[string]bool{}
	for i, e := range log {
		ids[i] = e.ID
		if texts[e.Message.Text] {
			s.violationf("%q is in the log twice", e.Message.Text)
		}
		texts[e.Message.Text] = true
	}
	if len(s.shown) > len(ids) || !slices.Equal(s.shown, ids[len(ids)-len(s.shown):]) || len(s.shown) < min(len(ids), s.rig.core.Set.Recent) {
		s.violationf("displays %v, the log is %v", s.shown, ids)
	}
	if s.at.Seq != uint64(len(log)) {
		s.violationf("is at seq %d, want %d", s.at.Seq, len(log))
	}
	for id, seq := range s.acked {
		if e := log[seq-1]; e.Message.Text != s.user+" says "+id {
			s.violationf("%s was acknowledged at seq %d, which is %q", id, seq, e.Message.Text)
		}
	}
	return s.violations
}
