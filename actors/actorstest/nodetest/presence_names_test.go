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

// A roster has the names of users of other nodes as these tell them, and waits for those that nobody knows a
// moment at most, and not again for a while.
func TestRosterNamesFromOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []chat.Signal
		r := newJournalRig(t, &actorstest.FakeJournal{}, zerolog.Nop(), func(p *actors.Ports) {
			bus, _ := p.Appender.(*actorstest.FakeBus)
			p.Appender = &namesRecorder{bus, func(s chat.Signal) { asked = append(asked, s) }}
		})
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(5 * time.Second)
		r.bus.Present[chat.DefaultRoom]["bob"], r.bus.Present[chat.DefaultRoom]["ghost"] = "member", "member"
		who := func() (string, time.Duration) {
			t.Helper()
			before, begun := len(a.framesOfType("roster")), time.Now()
			a.do(wire.Command{Type: wire.Who})
			for len(a.framesOfType("roster")) == before {
				actorstest.Pause(10 * time.Millisecond)
			}
			return string(a.framesOfType("roster")[before].Data), time.Since(begun)
		}
		const ann, ghost = `{"userId":"ann","userName":"ann","role":"member"}`, `{"userId":"ghost","role":"member"}`
		if got, took := who(); got != `[`+ann+`,{"userId":"bob","role":"member"},`+ghost+`]` || took > presence.NamesWithin+20*time.Millisecond {
			t.Fatalf("nobody tells: %s after %v", got, took)
		}
		if got := fmt.Sprint(asked[0].NamesRequest); len(asked) != 1 || got != "[bob ghost]" {
			t.Fatalf("asked: %+v", asked)
		}
		if _, took := who(); took > 20*time.Millisecond || len(asked) != 1 {
			t.Fatalf("asked again at once: %v, %+v", took, asked)
		}
		r.bus.Sink(chat.Signal{Room: chat.DefaultRoom, NamesReply: []wire.User{{ID: "bob", Name: "Bob", Avatar: "https://b"}}})
		actorstest.Pause(presence.UnknownKept)
		asked = nil
		if got, _ := who(); got != `[`+ann+`,{"userId":"bob","userName":"Bob","userAvatar":"https://b","role":"member"},`+ghost+`]` {
			t.Fatalf("bob's node has told: %s", got)
		}
		if got := fmt.Sprint(asked[0].NamesRequest); len(asked) != 1 || got != "[ghost]" {
			t.Fatalf("asked: %+v", asked)
		}
		asked = nil
		r.bus.Sink(chat.Signal{Room: chat.DefaultRoom, NamesRequest: []string{"bob", "ann", "ghost"}})
		actorstest.Pause(time.Second)
		if len(asked) != 1 || fmt.Sprint(asked[0].NamesReply) != "[{ann ann  }]" {
			t.Fatalf("told: %+v", asked)
		}
	})
}

// A namesRecorder hears what is said about names.
type namesRecorder struct {
	*actorstest.FakeBus
	onNames func(chat.Signal)
}

func (l *namesRecorder) PublishSignals(ctx context.Context, batch []chat.Signal) error {
	for _, s := range batch {
		if s.NamesRequest != nil || s.NamesReply != nil {
			l.onNames(s)
		}
	}
	return l.FakeBus.PublishSignals(ctx, batch)
}
