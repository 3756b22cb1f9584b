package nodetest

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// A roster contains the names that other nodes answered. It waits a short time for unknown names, and does not ask for
// them again until UnknownNameTTL has passed.
func TestRosterNamesFromOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var signals []chat.Signal
		r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop(), func(p *actors.Ports) {
			bus, _ := p.Appender.(*actorstest.FakeBus)
			p.Appender = &namesRecorder{bus, func(s chat.Signal) { signals = append(signals, s) }}
		})
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(5 * time.Second)
		r.bus.Present[chat.DefaultRoom]["bob"], r.bus.Present[chat.DefaultRoom]["ghost"] = "member", "member"
		roster := func() (string, time.Duration) {
			t.Helper()
			before, startedAt := len(a.framesOfType("roster")), time.Now()
			a.do(wire.Command{Type: wire.Who})
			for len(a.framesOfType("roster")) == before {
				actorstest.Pause(10 * time.Millisecond)
			}
			return string(a.framesOfType("roster")[before].Data), time.Since(startedAt)
		}
		const ann, ghost = `{"userId":"ann","userName":"ann","role":"member"}`, `{"userId":"ghost","role":"member"}`
		if got, took := roster(); got != `[`+ann+`,{"userId":"bob","role":"member"},`+ghost+`]` || took > presence.NamesTimeout+20*time.Millisecond {
			t.Fatalf("roster without answers: %s after %v", got, took)
		}
		if got := fmt.Sprint(signals[0].NamesRequest); len(signals) != 1 || got != "[bob ghost]" {
			t.Fatalf("signals %+v, want one request for bob and ghost", signals)
		}
		if _, took := roster(); took > 20*time.Millisecond || len(signals) != 1 {
			t.Fatalf("second roster after %v, signals %+v, want no second request", took, signals)
		}
		r.bus.Sink(chat.Signal{Room: chat.DefaultRoom, NamesReply: []wire.User{{ID: "bob", Name: "Bob", Avatar: "https://b"}}})
		actorstest.Pause(presence.UnknownNameTTL)
		signals = nil
		if got, _ := roster(); got != `[`+ann+`,{"userId":"bob","userName":"Bob","userAvatar":"https://b","role":"member"},`+ghost+`]` {
			t.Fatalf("roster after the answer of bob's node: %s", got)
		}
		if got := fmt.Sprint(signals[0].NamesRequest); len(signals) != 1 || got != "[ghost]" {
			t.Fatalf("signals %+v, want one request for ghost", signals)
		}
		signals = nil
		r.bus.Sink(chat.Signal{Room: chat.DefaultRoom, NamesRequest: []string{"bob", "ann", "ghost"}})
		actorstest.Pause(time.Second)
		if len(signals) != 1 || fmt.Sprint(signals[0].NamesReply) != "[{ann ann  }]" {
			t.Fatalf("signals %+v, want one reply with ann", signals)
		}
	})
}

// namesRecorder is a bus that passes requests for names and their replies to onNames.
type namesRecorder struct {
	*actorstest.FakeBus
	onNames func(chat.Signal)
}

// PublishSignals implements chat.Appender.
func (l *namesRecorder) PublishSignals(ctx context.Context, batch []chat.Signal) error {
	for _, s := range batch {
		if s.NamesRequest != nil || s.NamesReply != nil {
			l.onNames(s)
		}
	}
	return l.FakeBus.PublishSignals(ctx, batch)
}
