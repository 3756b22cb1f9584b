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

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// INV-9: a panic while a room shows an entry costs its members nothing that they are not told of, and the room goes
// on, and retires when it is empty.
func TestARoomThatPanickedTakesUpTheLog(t *testing.T) {
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
			before := len(a.of("resync"))
			copy(r.core.Writers, writers)
			p.Post(chat.Signal{}) // orders the next turn of the room after the copy
			for range 4 {
				actorstest.Pause(20 * time.Second)
				a.Touch()
			}
			if len(a.of("resync")) == before {
				t.Fatalf("after panic %d the members were not told to reload", n+1)
			}
		}
		a.do(wire.Command{Type: wire.SendMessage, ID: "last", Message: "hello"})
		actorstest.Pause(time.Second)
		shown, acks := a.of("new_message"), a.of("ack")
		if last := acks[len(acks)-1]; shown[len(shown)-1].Seq != 4 || last.ID != "last" || last.Seq != 4 {
			t.Fatalf("shown %v, acknowledged %v", shown, acks)
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Minute)
		if n := r.core.Stats().Chat.Rooms.Load(); n != 0 {
			t.Errorf("%d rooms are left", n)
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

// chokingSubscriber panics at its next subscriptions.
type chokingSubscriber struct {
	chat.Subscriber
	left *atomic.Int32
}

func (s chokingSubscriber) Subscribe(ctx context.Context, rooms ...string) error {
	if s.left.Add(-1) >= 0 {
		panic("planted")
	}
	return s.Subscriber.Subscribe(ctx, rooms...)
}

// A node without Redis whose bridge panics, again and again, opens its rooms in the end and says that all is well.
func TestABridgeThatPanickedHealsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left atomic.Int32
		r := &rig{t: t, bus: actorstest.NewFakeBus(), sys: actorstest.KitSystem(t, actors.Kinds...)}
		ports := portsOf(r.bus)
		ports.Subscriber = chokingSubscriber{r.bus, &left}
		r.core = actors.New(r.sys, actorstest.TestSettings(), ports)
		r.core.Start()
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		for n := range 3 {
			left.Store(2)
			a.do(wire.Command{Type: wire.Join, Room: fmt.Sprint("den-", n)})
			actorstest.Pause(5 * time.Second)
		}
		actorstest.Pause(20 * time.Second)
		if s := r.core.Status(); s.Degraded || len(a.of("joined")) != 4 {
			t.Errorf("%d rooms are joined of 4, and the node says %+v", len(a.of("joined")), s)
		}
		for n := range 3 {
			if room := fmt.Sprint("den-", n); !r.bus.Subs[room] {
				t.Errorf("%s is not subscribed to", room)
			}
		}
		a.ReaderClosed(nil)
		actorstest.Pause(5 * time.Second)
	})
}
