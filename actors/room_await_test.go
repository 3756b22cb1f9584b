package actors

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/wire"
)

// What is awaited is taken out by seq, whatever order it came in, and none of it twice or never.
func TestAwaitedComesBySeq(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var q awaitedQueue
		var in, out []uint64
		for range rapid.IntRange(1, 80).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "add") {
				seq := rapid.Uint64Range(1, 50).Draw(r, "seq")
				q.add(awaited{seq: seq})
				in = append(in, seq)
				continue
			}
			least := uint64(0)
			for i := q.head; i < len(q.list); i++ {
				if s := q.list[i].seq; least == 0 || s < least {
					least = s
				}
			}
			a, ok := q.first()
			if ok != (least > 0) || ok && a.seq != least {
				r.Fatalf("first is %v, %v, want %d", a, ok, least)
			}
			if ok {
				out = append(out, a.seq)
				q.drop()
			}
		}
		if rest := len(q.list) - q.head; rest+len(out) != len(in) {
			r.Fatalf("%d came, %d went, %d are left", len(in), len(out), rest)
		}
	})
}

// An ack waits for its entry to be shown, so that both are one write; where the bus does not deliver, it waits no
// longer than deliverWithin, and the acks of one client still come in the order of its writes.
func TestAcksWaitForTheirEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(time.Second)
		for i := range 5 {
			a.do(wire.Command{Type: wire.SendMessage, ID: fmt.Sprint(i), Message: "text"})
		}
		pause(2 * deliverWithin)
		acks, shown := a.of("ack"), a.of("new_message")
		if len(acks) != 5 || len(shown) != 5 {
			t.Fatalf("%d acks, %d messages", len(acks), len(shown))
		}
		for i, ack := range acks {
			if ack.ID != fmt.Sprint(i) || ack.Seq != shown[i].Seq {
				t.Fatalf("ack %d is %+v, the message %+v", i, ack, shown[i])
			}
		}
		a.Gone(nil)
		pause(time.Second)
	})
}

// A room whose messages come in time is not woken once more for each of them by its patience.
func TestPatienceEndsWithWhatItWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.drop = func(d Delivered) bool { // the receipt comes first
			time.AfterFunc(time.Millisecond, func() { r.bus.sink(&d) })
			return true
		}
		a := r.connect(Arrival{Identity: asMember("ann")})
		pause(time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "text"})
		pause(2 * time.Millisecond)
		if n := len(a.of("ack")); n != 1 {
			t.Fatalf("%d acks", n)
		}
		rooms := r.core.sys.kinds[KindRoom]
		before := rooms.Handled.Load()
		pause(2 * deliverWithin)
		if woken := rooms.Handled.Load() - before; woken != 0 {
			t.Errorf("an idle room was woken %d times", woken)
		}
	})
}
