package nodetest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// slowSubscriber is a subscriber whose calls take a while.
type slowSubscriber struct {
	*actorstest.FakeBus
	delay        time.Duration // of each call
	unsubscribed []string      // rooms passed to Unsubscribe
}

// Subscribe implements chat.Subscriber.
func (e *slowSubscriber) Subscribe(ctx context.Context, rooms ...string) error {
	<-time.After(e.delay)
	return e.FakeBus.Subscribe(ctx, rooms...)
}

// Unsubscribe implements chat.Subscriber.
func (e *slowSubscriber) Unsubscribe(ctx context.Context, rooms ...string) error {
	<-time.After(e.delay)
	e.unsubscribed = append(e.unsubscribed, rooms...)
	return e.FakeBus.Unsubscribe(ctx, rooms...)
}

// Many rooms retire at the same time. The link unsubscribes them in batches, because one call per room would delay its
// probes beyond their timeout.
func TestManyRoomsRetireTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		sub := &slowSubscriber{delay: 100 * time.Millisecond}
		r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.New(&log), func(p *actors.Ports) {
			sub.FakeBus, _ = p.Subscriber.(*actorstest.FakeBus)
			p.Subscriber = sub
		})
		defer r.stop()
		const clients, rooms = 10, 10
		var all []*peer
		for i := range clients {
			a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember(fmt.Sprint("u", i))})
			for k := range rooms - 1 {
				a.do(wire.Command{Type: wire.Join, Room: fmt.Sprintf("room-%d-%d", i, k)})
			}
			all = append(all, a)
		}
		actorstest.Pause(10 * time.Second)
		for _, a := range all {
			a.ReaderClosed(nil)
		}
		actorstest.Pause(2 * time.Minute)
		if want := clients*(rooms-1) + 1; len(sub.unsubscribed) != want || len(r.bus.Subs) != 0 {
			t.Errorf("%d rooms unsubscribed, want %d; still subscribed to %v", len(sub.unsubscribed), want, r.bus.Subs)
		}
		if bytes.Contains(log.Bytes(), []byte(`"mode":"degraded"`)) {
			t.Errorf("the node was degraded:\n%s", log.Bytes())
		}
	})
}

// The log contains the error of the link with its address. Clients receive only the description.
func TestLinkErrorIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		set := actorstest.Settings()
		set.DescribeError = func(error) string { return "Redis cannot be reached." }
		r := startJournalRig(t, set, &actorstest.FakeJournal{}, zerolog.New(&log))
		defer r.stop()
		actorstest.Pause(5 * time.Second)
		r.bus.Sink(chat.Disconnected{Err: fmt.Errorf("dial tcp 10.0.0.7:6379: connection refused")})
		actorstest.Pause(time.Minute)
		degraded, healthy := []byte(`:"dial tcp 10.0.0.7:6379: connection refused","mode":"degraded","cause":"Redis cannot be reached."`), []byte(`"mode":"healthy","cause":""`)
		if !bytes.Contains(log.Bytes(), degraded) || !bytes.Contains(log.Bytes(), healthy) || bytes.Count(log.Bytes(), []byte("10.0.0.7")) != bytes.Count(log.Bytes(), []byte(`"mode":"degraded"`)) {
			t.Errorf("log:\n%s", log.Bytes())
		}
	})
}

// A resync is logged, because no other log event shows that Redis was emptied.
func TestResyncIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.New(&log))
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ada"), Room: "lobby"})
		actorstest.Pause(5 * time.Second)
		a.do(wire.Command{Type: wire.SendMessage, ID: "m1", Message: "before"})
		actorstest.Pause(time.Second)
		r.bus.Mu.Lock()
		r.bus.Epoch, r.bus.Logs = "e2", map[string][]chat.Entry{}
		r.bus.Mu.Unlock()
		a.do(wire.Command{Type: wire.SendMessage, ID: "m2", Message: "after"})
		actorstest.Pause(5 * time.Second)
		if line := []byte(`"room":"lobby","epoch":"e2","seq":1,"reason":"` + timeline.ReasonReset + `","message":"room resync sent"`); bytes.Count(log.Bytes(), line) != 1 {
			t.Errorf("log:\n%s", log.Bytes())
		}
	})
}
