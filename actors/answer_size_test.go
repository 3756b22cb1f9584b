package actors

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// newLongRig is a rig whose default room holds so many messages of the longest text; the socket of whoever comes
// takes a few bytes only until it is let go.
func newLongRig(t *testing.T, messages int) *rig {
	t.Helper()
	r := newRig(t, func(s *Settings) { s.Recent = 256 })
	for i := range messages {
		id := fmt.Sprint("m", i)
		text := strings.Repeat(`"`, r.core.set.MaxMessageLength)
		r.bus.logs[DefaultRoom] = append(r.bus.logs[DefaultRoom], Entry{
			Seq: uint64(i + 1), Kind: KindMessage, ID: id, Message: wire.Message{ID: id, UserID: "u", UserName: "u", Text: text},
		})
	}
	return r
}

// narrow lets a peer do something while its socket is full, and looks whether it is still there.
func (p *peer) narrow(t *testing.T, ask func()) {
	t.Helper()
	p.socket.setRoom(100)
	ask()
	pause(time.Second)
	p.socket.setRoom(-1)
	pause(time.Second)
	for _, f := range p.socket.frames(t) {
		if f.Close != 0 {
			t.Fatalf("cut with %d", f.Close)
		}
	}
}

type pageSeen struct {
	Data []struct {
		Seq    uint64
		ID     string
		UserID string
	}
	More bool
	Next string
}

func (f *seen) page(t *testing.T) (p pageSeen) {
	t.Helper()
	if err := json.Unmarshal([]byte(f.Raw), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// A room of long messages can be joined, resumed and read to its beginning by a client whose socket takes
// nothing at the moment.
func TestPagesOfLongMessagesFitTheOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const messages = 200
		r := newLongRig(t, messages)
		defer r.stop()
		p := r.connect(Arrival{Identity: asMember("ann"), Room: "hall"})
		pause(time.Second)
		p.narrow(t, func() { p.do(wire.Command{Type: wire.Join, Room: DefaultRoom}) })
		p.narrow(t, func() {
			p.do(wire.Command{Type: wire.Join, Room: DefaultRoom, HasSince: true, Since: wire.Position{Epoch: r.bus.epoch, Seq: 1}})
		})
		joined := p.of("joined")
		if last := joined[len(joined)-1]; last.Recovered || len(p.of("new_message")) > 0 {
			t.Errorf("resumed with more than the outbox takes: %+v", last)
		}
		next := uint64(messages + 1)
		for before, more := uint64(0), true; more; before = next {
			p.narrow(t, func() { p.do(wire.Command{Type: wire.History, Room: DefaultRoom, Before: before, Limit: maxPage}) })
			all := p.of("message_history")
			page := all[len(all)-1].page(t)
			for i := range page.Data {
				if next--; page.Data[len(page.Data)-1-i].Seq != next {
					t.Fatalf("page before %d has seq %d, want %d", before, page.Data[len(page.Data)-1-i].Seq, next)
				}
			}
			if more = page.More; more && len(page.Data) == 0 {
				t.Fatal("an empty page says that there is more")
			}
		}
		if next != 1 {
			t.Errorf("paging ended at seq %d", next)
		}
	})
}

// What a short absence has missed still comes as it was sent.
func TestAFewLongMessagesAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLongRig(t, 20)
		defer r.stop()
		p := r.connect(Arrival{Identity: asMember("ann"), HasSince: true, Since: wire.Position{Epoch: r.bus.epoch, Seq: 5}})
		p.narrow(t, func() {})
		if j := p.one("joined"); !j.Recovered || j.Missed != 15 || len(p.of("new_message")) != 15 {
			t.Errorf("joined: %+v", j)
		}
	})
}

// A page of a roster is shorter where names and pictures are long, and the next one goes on behind it.
func TestPagesOfLongNamesFitTheOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const users = 150
		r := newRig(t)
		defer r.stop()
		for i := range users {
			id := asMember(fmt.Sprintf("u%03d", i))
			id.Avatar = "https://example.org/" + strings.Repeat("a", 2000)
			r.connect(Arrival{Identity: id})
		}
		pause(5 * time.Second)
		p := r.connect(Arrival{Identity: asMember("zoe"), Room: DefaultRoom})
		pause(5 * time.Second)
		found, cursor := 0, ""
		for more := true; more; more = cursor != "" {
			p.narrow(t, func() { p.do(wire.Command{Type: wire.Who, Cursor: cursor, Limit: maxPage}) })
			all := p.of("roster")
			page := all[len(all)-1].page(t)
			found, cursor = found+len(page.Data), page.Next
		}
		if found != users+1 {
			t.Errorf("the roster has %d users, want %d", found, users+1)
		}
	})
}

// sizeOf is no less than a message's part of a frame, or an answer could be longer than it is thought to be.
func TestSizeOfAMessage(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("\"\\\n\u2028\u2029é", 300)} {
		m := wire.Message{ID: "0-q81-1", UserID: text, UserName: text, UserAvatar: text, Text: text, At: 1767323045678, EditedAt: 1767323045678}
		bare := len(wire.AppendHistory(nil, "", "", wire.Position{}, nil, false))
		full := len(wire.AppendHistory(nil, "", "", wire.Position{}, []wire.Placed{{Seq: 1 << 40, Message: m}}, false))
		if full-bare > sizeOf(&m) {
			t.Errorf("%d bytes of text take %d bytes, said to be %d", len(text), full-bare, sizeOf(&m))
		}
	}
}
