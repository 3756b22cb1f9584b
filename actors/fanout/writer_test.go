package fanout

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/actorstest"
	"chatnode/actors/process"
	"chatnode/actors/stats"
	"chatnode/actors/wire"
)

// bench is a writer without a mailbox, driven by hand.
type bench struct {
	w   *Writer
	sys *process.System
}

func newBench(t testing.TB, outbox int64) *bench {
	sys := actorstest.NewSystem(t, WriterKind, OutboxKind, process.Kind{Name: "session", Many: true})
	set := actorstest.Settings()
	set.OutboxBytes = outbox
	w := NewWriter(&set, sys, &stats.WriteStats{})
	w.self = sys.Prepare(process.Spec{Kind: WriterKind, ID: "test", New: func() process.Actor { return w }})
	return &bench{w, sys}
}

// pass goes on until every member has had everything.
func (b *bench) pass() {
	for b.w.runPass(); b.w.passing; b.w.runPass() {
	}
}

func (b *bench) client(id int) (*Client, *actorstest.FakeSocket) {
	s := actorstest.NewFakeSocket()
	c := &Client{Socket: s, Writer: b.w.self}
	c.Session = b.sys.Prepare(process.Spec{Kind: process.Kind{Name: "session", Capacity: 8}, ID: fmt.Sprint(id), New: func() process.Actor { return actorstest.Func(func(*process.Process, any) {}) }})
	c.Touch()
	b.w.take(AttachClient{c})
	return c, s
}

func textFrame(s string) []byte { return wire.Seal(append(wire.Begin(nil), s...)) }

// Each connection gets what it was told, in the order in which it was told, whole: whatever else goes
// on, and however much the sockets take at a time.
func TestWriterKeepsTheOrderOfEveryConnection(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 1<<20)
			b.w.turn = rapid.IntRange(1, 6).Draw(rt, "turn")
			const n = 4
			var clients [n]*Client
			var sockets [n]*actorstest.FakeSocket
			var want [n][]string
			var in [n]map[string]bool
			for i := range n {
				clients[i], sockets[i] = b.client(i)
				in[i] = map[string]bool{}
				if rapid.Bool().Draw(rt, "tight") {
					sockets[i].SetSpace(rapid.IntRange(0, 60).Draw(rt, "room"))
				}
			}
			for k := range rapid.IntRange(1, 60).Draw(rt, "steps") {
				i, room, text := rapid.IntRange(0, n-1).Draw(rt, "client"), rapid.SampledFrom([]string{"r", "s"}).Draw(rt, "room"), fmt.Sprintf("frame %d", k)
				switch rapid.IntRange(0, 6).Draw(rt, "op") {
				case 0:
					b.w.take(&SendFrame{clients[i], textFrame(text)})
					want[i] = append(want[i], text)
				case 1:
					b.w.take(&JoinGroup{room, clients[i], textFrame(text)})
					want[i] = append(want[i], text)
					in[i][room] = true
				case 2:
					b.w.take(&LeaveGroup{room, clients[i], textFrame(text)})
					want[i] = append(want[i], text)
					delete(in[i], room)
				case 3, 4:
					b.w.take(&BroadcastFrame{Room: room, Frame: textFrame(text)})
					for j := range n {
						if in[j][room] {
							want[j] = append(want[j], text)
						}
					}
				case 5:
					b.w.runPass()
				case 6:
					sockets[i].SetSpace(rapid.IntRange(0, 200).Draw(rt, "more"))
					synctest.Wait()
				}
			}
			b.pass()
			for i := range n {
				sockets[i].SetSpace(-1)
			}
			<-time.After(time.Second)
			synctest.Wait()
			for i := range n {
				got := framesOf(t, sockets[i])
				if !sameInRooms(got, want[i]) {
					rt.Fatalf("client %d got %q, want %q", i, got, want[i])
				}
				b.w.take(DetachClient{clients[i]})
			}
			b.pass()
			<-time.After(2 * time.Second)
		})
	})
}

// framesOf are the texts of all whole frames; a torn one fails the test.
func framesOf(t *testing.T, s *actorstest.FakeSocket) (texts []string) {
	for rest := s.Data; len(rest) > 0; {
		op, payload, after, ok := actorstest.ParseFrame(rest)
		if !ok || op != wire.OpText {
			t.Fatalf("a torn frame: %q", rest)
		}
		texts, rest = append(texts, string(payload)), after
	}
	return texts
}

// sameInRooms compares what was told in one order with what came. Frames of two rooms in one pass may
// change places with each other; nothing is lost or doubled.
func sameInRooms(got, want []string) bool {
	a, b := slices.Clone(got), slices.Clone(want)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestOneRoomKeepsItsOrder(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.take(&JoinGroup{"r", c, textFrame("joined")})
	var want []string
	for i := range 100 {
		text := fmt.Sprint("message ", i)
		want = append(want, text)
		b.w.take(&BroadcastFrame{Room: "r", Frame: textFrame(text)})
		if i%7 == 0 {
			want = append(want, "ack "+text)
			b.w.take(&SendFrame{c, textFrame("ack " + text)})
		}
		if i%10 == 0 {
			b.pass()
		}
	}
	b.pass()
	if got := framesOf(t, s); !slices.Equal(got[1:], want) {
		t.Fatalf("got %q, want %q", got[1:], want)
	}
}

// What is told while the writer goes over a room's members reaches those it has not come to in the same
// write; the others get it in the next lap. And a room of many members holds up nobody's ack, and no other room.
func TestALapTakesAlongWhatComes(t *testing.T) {
	b := newBench(t, 1<<20)
	b.w.turn = 10
	var sockets []*actorstest.FakeSocket
	var clients []*Client
	for i := range 40 {
		c, s := b.client(i)
		clients, sockets = append(clients, c), append(sockets, s)
		b.w.take(&JoinGroup{"huge", c, nil})
	}
	other, quick := b.client(40)
	b.w.take(&JoinGroup{"small", other, nil})
	b.w.take(&BroadcastFrame{Room: "huge", Frame: textFrame("one")})
	b.w.runPass()
	b.w.take(&BroadcastFrame{Room: "huge", Frame: textFrame("two")})
	b.w.take(&BroadcastFrame{Room: "small", Frame: textFrame("quick")})
	b.w.take(&SendFrame{clients[39], textFrame("ack")})
	b.w.runPass()
	b.w.runPass()
	if got := framesOf(t, quick); !slices.Equal(got, []string{"quick"}) {
		t.Fatalf("the small room waits for the huge one: %q", got)
	}
	if got := framesOf(t, sockets[39]); !slices.Equal(got, []string{"one", "two", "ack"}) {
		t.Fatalf("the ack waits for the huge room: %q", got)
	}
	b.pass()
	for i, s := range sockets[:39] {
		if got := framesOf(t, s); !slices.Equal(got, []string{"one", "two"}) {
			t.Fatalf("member %d got %q", i, got)
		}
		if most := map[bool]int{true: 2, false: 1}[i < 10]; s.Writes != most {
			t.Fatalf("member %d was written to %d times, want %d", i, s.Writes, most)
		}
	}
}

// INV-8: a client that does not read costs the others nothing, and is cut with 1013 behind a whole frame.
func TestSlowConsumerIsCutAndNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 1000)
		var sockets []*actorstest.FakeSocket
		for i := range 5 {
			c, s := b.client(i)
			if i == 0 {
				s.SetSpace(150)
			}
			sockets = append(sockets, s)
			b.w.take(&JoinGroup{"r", c, textFrame("joined")})
		}
		b.pass()
		for i := range 50 {
			b.w.take(&BroadcastFrame{Room: "r", Frame: textFrame(fmt.Sprintf("message %d, and some more text to fill the socket", i))})
			b.pass()
			synctest.Wait()
		}
		for i, s := range sockets[1:] {
			if n := len(framesOf(t, s)); n != 51 {
				t.Fatalf("client %d got %d of 51 frames", i+1, n)
			}
		}
		sockets[0].SetSpace(-1)
		<-time.After(time.Second)
		synctest.Wait()
		if code := actorstest.CloseCode(t, sockets[0]); code != wire.CloseOverloaded {
			t.Fatalf("the slow one's last frame is no close 1013: %d", code)
		}
		if b.w.stats.SlowConsumers.Load() != 1 {
			t.Fatalf("%d slow consumers counted", b.w.stats.SlowConsumers.Load())
		}
	})
}

// The steady state allocates nothing for a recipient.
func TestPassAllocatesNothingForARecipient(t *testing.T) {
	b := newBench(t, 1<<20)
	for i := range 1000 {
		c, _ := b.client(i)
		c.Socket = sink{}
		b.w.take(&JoinGroup{"r", c, textFrame("joined")})
	}
	b.pass()
	m := &BroadcastFrame{Room: "r", Frame: textFrame("hello")}
	if n := testing.AllocsPerRun(100, func() { b.w.take(m); b.pass() }); n > 1 {
		t.Fatalf("%v allocations a pass over 1,000 recipients", n)
	}
}

// sink is a socket that takes everything and keeps nothing.
type sink struct{}

func (sink) TryWrite(p []byte) (int, error) { return len(p), nil }
func (sink) Write(p []byte) (int, error)    { return len(p), nil }
func (sink) SetWriteDeadline(int64)         {}
func (sink) Close()                         {}

func BenchmarkWriterPass(b *testing.B) {
	w := newBench(b, 1<<20)
	for i := range 1000 {
		c, _ := w.client(i)
		c.Socket = sink{}
		w.w.take(&JoinGroup{"r", c, textFrame("joined")})
	}
	w.pass()
	m := &BroadcastFrame{Room: "r", Frame: textFrame("hello")}
	b.ReportAllocs()
	for b.Loop() {
		w.w.take(m)
		w.pass()
	}
}
