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

// bench calls a writer directly, without its mailbox.
type bench struct {
	w   *Writer
	sys *process.System
}

func newBench(t testing.TB, outbox int64) *bench {
	sys := actorstest.NewSystem(t, WriterKind, OutboxKind, process.Kind{Name: "session", Many: true})
	set := actorstest.Settings()
	w := NewWriter(Config{outbox, set.FlushInterval, set.PingInterval, set.PresenceTimeout, set.Deflate}, sys, &stats.WriteStats{})
	w.self = sys.Prepare(process.Spec{Kind: WriterKind, ID: "test", New: func() process.Actor { return w }})
	return &bench{w, sys}
}

// finishPass runs the pass until every member has received all frames.
func (b *bench) finishPass() {
	for b.w.runPass(); b.w.passPending; b.w.runPass() {
	}
}

func (b *bench) client(id int) (*Client, *actorstest.FakeSocket) {
	s := actorstest.NewFakeSocket()
	c := &Client{Socket: s, Writer: b.w.self}
	c.Session = b.sys.Prepare(process.Spec{Kind: process.Kind{Name: "session", Capacity: 8}, ID: fmt.Sprint(id), New: func() process.Actor { return actorstest.Func(func(*process.Process, any) {}) }})
	c.Touch()
	b.w.handle((*attachClient)(c))
	return c, s
}

func textFrame(s string) []byte { return wire.Seal(append(wire.Begin(nil), s...)) }

// Every connection receives its frames complete and in order, for any sequence of operations and any number of bytes
// that the sockets accept.
func TestWriterKeepsFrameOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 1<<20)
			b.w.maxWrites = rapid.IntRange(1, 6).Draw(rt, "turn")
			const n = 4
			var clients [n]*Client
			var sockets [n]*actorstest.FakeSocket
			var want [n][]string
			var in [n]map[string]bool
			for i := range n {
				clients[i], sockets[i] = b.client(i)
				in[i] = map[string]bool{}
				if rapid.Bool().Draw(rt, "full") {
					sockets[i].SetSpace(rapid.IntRange(0, 60).Draw(rt, "room"))
				}
			}
			for k := range rapid.IntRange(1, 60).Draw(rt, "steps") {
				i, room, text := rapid.IntRange(0, n-1).Draw(rt, "client"), rapid.SampledFrom([]string{"r", "s"}).Draw(rt, "room"), fmt.Sprintf("frame %d", k)
				switch rapid.IntRange(0, 6).Draw(rt, "op") {
				case 0:
					b.w.handle(&SendFrame{clients[i], textFrame(text)})
					want[i] = append(want[i], text)
				case 1:
					b.w.handle(&JoinGroup{room, clients[i], textFrame(text)})
					want[i] = append(want[i], text)
					in[i][room] = true
				case 2:
					b.w.handle(&LeaveGroup{room, clients[i], textFrame(text)})
					want[i] = append(want[i], text)
					delete(in[i], room)
				case 3, 4:
					b.w.handle(&BroadcastFrame{Room: room, Frame: textFrame(text)})
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
			b.finishPass()
			for i := range n {
				sockets[i].SetSpace(-1)
			}
			<-time.After(time.Second)
			synctest.Wait()
			for i := range n {
				got := framesOf(t, sockets[i])
				if !sameFrames(got, want[i]) {
					rt.Fatalf("client %d received %q, want %q", i, got, want[i])
				}
				b.w.handle((*detachClient)(clients[i]))
			}
			b.finishPass()
			<-time.After(2 * time.Second)
		})
	})
}

// framesOf returns the texts of all frames. An incomplete frame fails the test.
func framesOf(t *testing.T, s *actorstest.FakeSocket) (texts []string) {
	for rest := s.Data; len(rest) > 0; {
		op, payload, after, ok := actorstest.ParseFrame(rest)
		if !ok || op != wire.OpText {
			t.Fatalf("incomplete frame: %q", rest)
		}
		texts, rest = append(texts, string(payload)), after
	}
	return texts
}

// sameFrames reports whether got contains each frame of want once. It ignores the order, because frames of two rooms
// in one pass may be swapped.
func sameFrames(got, want []string) bool {
	a, b := slices.Clone(got), slices.Clone(want)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestGroupKeepsFrameOrder(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.handle(&JoinGroup{"r", c, textFrame("joined")})
	var want []string
	for i := range 100 {
		text := fmt.Sprint("message ", i)
		want = append(want, text)
		b.w.handle(&BroadcastFrame{Room: "r", Frame: textFrame(text)})
		if i%7 == 0 {
			want = append(want, "ack "+text)
			b.w.handle(&SendFrame{c, textFrame("ack " + text)})
		}
		if i%10 == 0 {
			b.finishPass()
		}
	}
	b.finishPass()
	if got := framesOf(t, s); !slices.Equal(got[1:], want) {
		t.Fatalf("got %q, want %q", got[1:], want)
	}
}

// Frames added during a pass reach the members not yet visited in the same write; the others receive them in the next
// pass. A large room delays neither acks nor another room.
func TestPassIncludesNewFrames(t *testing.T) {
	b := newBench(t, 1<<20)
	b.w.maxWrites = 10
	var sockets []*actorstest.FakeSocket
	var clients []*Client
	for i := range 40 {
		c, s := b.client(i)
		clients, sockets = append(clients, c), append(sockets, s)
		b.w.handle(&JoinGroup{"huge", c, nil})
	}
	other, quick := b.client(40)
	b.w.handle(&JoinGroup{"small", other, nil})
	b.w.handle(&BroadcastFrame{Room: "huge", Frame: textFrame("one")})
	b.w.runPass()
	b.w.handle(&BroadcastFrame{Room: "huge", Frame: textFrame("two")})
	b.w.handle(&BroadcastFrame{Room: "small", Frame: textFrame("quick")})
	b.w.handle(&SendFrame{clients[39], textFrame("ack")})
	b.w.runPass()
	b.w.runPass()
	if got := framesOf(t, quick); !slices.Equal(got, []string{"quick"}) {
		t.Fatalf("the small room is delayed by the large one: %q", got)
	}
	if got := framesOf(t, sockets[39]); !slices.Equal(got, []string{"one", "two", "ack"}) {
		t.Fatalf("the ack is delayed by the large room: %q", got)
	}
	b.finishPass()
	for i, s := range sockets[:39] {
		if got := framesOf(t, s); !slices.Equal(got, []string{"one", "two"}) {
			t.Fatalf("member %d received %q", i, got)
		}
		if want := map[bool]int{true: 2, false: 1}[i < 10]; s.Writes != want {
			t.Fatalf("%d writes to member %d, want %d", s.Writes, i, want)
		}
	}
}

// INV-8: a client that does not read does not delay the others, and is closed with 1013 after a complete frame.
func TestOnlySlowConsumerIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 1000)
		var sockets []*actorstest.FakeSocket
		for i := range 5 {
			c, s := b.client(i)
			if i == 0 {
				s.SetSpace(150)
			}
			sockets = append(sockets, s)
			b.w.handle(&JoinGroup{"r", c, textFrame("joined")})
		}
		b.finishPass()
		for i := range 50 {
			b.w.handle(&BroadcastFrame{Room: "r", Frame: textFrame(fmt.Sprintf("message %d, and some more text to fill the socket", i))})
			b.finishPass()
			synctest.Wait()
		}
		for i, s := range sockets[1:] {
			if n := len(framesOf(t, s)); n != 51 {
				t.Fatalf("client %d received %d of 51 frames", i+1, n)
			}
		}
		sockets[0].SetSpace(-1)
		<-time.After(time.Second)
		synctest.Wait()
		if code := actorstest.CloseCode(t, sockets[0]); code != wire.CloseOverloaded {
			t.Fatalf("close code of the slow consumer is %d, want 1013", code)
		}
		if b.w.stats.SlowConsumers.Load() != 1 {
			t.Fatalf("%d slow consumers counted, want 1", b.w.stats.SlowConsumers.Load())
		}
	})
}

// A pass does not allocate per recipient.
func TestPassDoesNotAllocate(t *testing.T) {
	b := newBench(t, 1<<20)
	for i := range 1000 {
		c, _ := b.client(i)
		c.Socket = sink{}
		b.w.handle(&JoinGroup{"r", c, textFrame("joined")})
	}
	b.finishPass()
	m := &BroadcastFrame{Room: "r", Frame: textFrame("hello")}
	if n := testing.AllocsPerRun(100, func() { b.w.handle(m); b.finishPass() }); n > 1 {
		t.Fatalf("%v allocations per pass over 1,000 recipients, want at most 1", n)
	}
}

// sink is a socket that accepts and discards all bytes.
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
		w.w.handle(&JoinGroup{"r", c, textFrame("joined")})
	}
	w.finishPass()
	m := &BroadcastFrame{Room: "r", Frame: textFrame("hello")}
	b.ReportAllocs()
	for b.Loop() {
		w.w.handle(m)
		w.finishPass()
	}
}
