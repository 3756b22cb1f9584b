package nodetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// INV-9: if a room panics while it sends an entry, its members receive a resync. The room continues, and retires when
// it is empty.
func TestPanickedRoomResyncs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		p := r.roomProcess(t, chat.DefaultRoom)
		writers := slices.Clone(r.core.Writers)
		for n := range 3 {
			clear(r.core.Writers) // the next broadcast of the room panics
			a.do(wire.Command{Type: wire.SendMessage, Message: "lost on the way"})
			synctest.Wait()
			before := len(a.framesOfType("resync"))
			copy(r.core.Writers, writers)
			p.Post(chat.Signal{}) // orders the next turn of the room after the copy
			for range 4 {
				actorstest.Pause(20 * time.Second)
				a.Touch()
			}
			if len(a.framesOfType("resync")) == before {
				t.Fatalf("no resync after panic %d", n+1)
			}
		}
		a.do(wire.Command{Type: wire.SendMessage, ID: "last", Message: "hello"})
		actorstest.Pause(time.Second)
		shown, acks := a.framesOfType("new_message"), a.framesOfType("ack")
		if last := acks[len(acks)-1]; shown[len(shown)-1].Seq != 4 || last.ID != "last" || last.Seq != 4 {
			t.Fatalf("messages %v, acks %v", shown, acks)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Minute)
		if n := r.core.Stats().Chat.Rooms.Load(); n != 0 {
			t.Errorf("%d rooms in memory, want 0", n)
		}
	})
}

// roomProcess returns the process of a room.
func (r *rig) roomProcess(t *testing.T, name string) *process.Process {
	t.Helper()
	for p := range r.core.Sys.Processes() {
		if strings.HasPrefix(p.ID(), room.Kind.Name+"/"+name+".") {
			return p
		}
	}
	t.Fatalf("room %q is not running", name)
	return nil
}

// panickingSubscriber is a subscriber whose next calls of Subscribe panic.
type panickingSubscriber struct {
	chat.Subscriber
	remaining *atomic.Int32
}

// Subscribe implements chat.Subscriber.
func (s panickingSubscriber) Subscribe(ctx context.Context, rooms ...string) error {
	if s.remaining.Add(-1) >= 0 {
		panic("planted")
	}
	return s.Subscriber.Subscribe(ctx, rooms...)
}

// A standalone node whose link panics repeatedly opens all rooms and is not degraded afterwards.
func TestPanickedBridgeRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left atomic.Int32
		r := startRig(t, actorstest.Settings(), zerolog.Nop(), func(p *actors.Ports) { p.Subscriber = panickingSubscriber{p.Subscriber, &left} })
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		for n := range 3 {
			left.Store(2)
			a.do(wire.Command{Type: wire.Join, Room: fmt.Sprint("den-", n)})
			actorstest.Pause(5 * time.Second)
		}
		actorstest.Pause(20 * time.Second)
		if s := r.core.Status(); s.Degraded || len(a.framesOfType("joined")) != 4 {
			t.Errorf("%d of 4 rooms joined, status %+v", len(a.framesOfType("joined")), s)
		}
		for n := range 3 {
			if room := fmt.Sprint("den-", n); !r.bus.Subs[room] {
				t.Errorf("room %s is not subscribed", room)
			}
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
