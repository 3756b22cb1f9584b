package nodetest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// newLongMessageRig is a rig whose default room holds so many messages of the longest text; the socket of whoever comes
// takes a few bytes only until it is let go.
func newLongMessageRig(t *testing.T, messages int) *rig {
	t.Helper()
	r := newRig(t, func(s *chat.Settings) { s.Recent = 256 })
	for i := range messages {
		id := fmt.Sprint("m", i)
		text := strings.Repeat(`"`, r.core.Set.MaxMessageLength)
		r.bus.Logs[chat.DefaultRoom] = append(r.bus.Logs[chat.DefaultRoom], chat.Entry{
			Seq: uint64(i + 1), Kind: chat.EntryMessage, ID: id, Message: wire.Message{ID: id, UserID: "u", UserName: "u", Text: text},
		})
	}
	return r
}

// whileBlocked lets a peer do something while its socket is full, and looks whether it is still there.
func (p *peer) whileBlocked(t *testing.T, ask func()) {
	t.Helper()
	p.socket.SetSpace(100)
	ask()
	actorstest.Pause(time.Second)
	p.socket.SetSpace(-1)
	actorstest.Pause(time.Second)
	for _, f := range p.socket.Frames(t) {
		if f.Close != 0 {
			t.Fatalf("cut with %d", f.Close)
		}
	}
}

// A room of long messages can be joined, resumed and read to its beginning by a client whose socket takes
// nothing at the moment.
func TestLongMessagePagesFitOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const messages = 200
		r := newLongMessageRig(t, messages)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), Room: "hall"})
		actorstest.Pause(time.Second)
		p.whileBlocked(t, func() { p.do(wire.Command{Type: wire.Join, Room: chat.DefaultRoom}) })
		p.whileBlocked(t, func() {
			p.do(wire.Command{Type: wire.Join, Room: chat.DefaultRoom, HasSince: true, Since: wire.Position{Epoch: r.bus.Epoch, Seq: 1}})
		})
		joined := p.framesOfType("joined")
		if last := joined[len(joined)-1]; last.Recovered || len(p.framesOfType("new_message")) > 0 {
			t.Errorf("resumed with more than the outbox takes: %+v", last)
		}
		next := uint64(messages + 1)
		for before, more := uint64(0), true; more; before = next {
			p.whileBlocked(t, func() {
				p.do(wire.Command{Type: wire.History, Room: chat.DefaultRoom, Before: before, Limit: session.MaxPage})
			})
			all := p.framesOfType("message_history")
			page := all[len(all)-1].Page(t)
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
func TestLongMessagesAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLongMessageRig(t, 20)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), HasSince: true, Since: wire.Position{Epoch: r.bus.Epoch, Seq: 5}})
		p.whileBlocked(t, func() {})
		if j := p.onlyFrame("joined"); !j.Recovered || j.Missed != 15 || len(p.framesOfType("new_message")) != 15 {
			t.Errorf("joined: %+v", j)
		}
	})
}

// A page of a roster is shorter where names and pictures are long, and the next one goes on behind it.
func TestLongNamePagesFitOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const users = 150
		r := newRig(t)
		defer r.stop()
		for i := range users {
			id := actorstest.AsMember(fmt.Sprintf("u%03d", i))
			id.Avatar = "https://example.org/" + strings.Repeat("a", 2000)
			r.connect(chat.ConnectRequest{Identity: id})
		}
		actorstest.Pause(5 * time.Second)
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("zoe"), Room: chat.DefaultRoom})
		actorstest.Pause(5 * time.Second)
		found, cursor := 0, ""
		for more := true; more; more = cursor != "" {
			p.whileBlocked(t, func() { p.do(wire.Command{Type: wire.Who, Cursor: cursor, Limit: session.MaxPage}) })
			all := p.framesOfType("roster")
			page := all[len(all)-1].Page(t)
			found, cursor = found+len(page.Data), page.Next
		}
		if found != users+1 {
			t.Errorf("the roster has %d users, want %d", found, users+1)
		}
	})
}

// sizeOf is no less than a message's part of a frame, or an answer could be longer than it is thought to be.
func TestFrameSizeIsUpperBound(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("\"\\\n\u2028\u2029é", 300)} {
		m := wire.Message{ID: "0-q81-1", UserID: text, UserName: text, UserAvatar: text, Text: text, At: 1767323045678, EditedAt: 1767323045678}
		bare := len(wire.AppendHistory(nil, "", "", wire.Position{}, nil, false))
		full := len(wire.AppendHistory(nil, "", "", wire.Position{}, []wire.HistoryItem{{Seq: 1 << 40, Message: m}}, false))
		if full-bare > fanout.FrameSize(&m) {
			t.Errorf("%d bytes of text take %d bytes, said to be %d", len(text), full-bare, fanout.FrameSize(&m))
		}
	}
}
