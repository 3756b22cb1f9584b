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

// newLongMessageRig starts a node whose default room contains the given number of messages of maximum length.
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

// whileBlocked calls send while the socket of the peer accepts only 100 bytes, and checks that the peer is not
// disconnected.
func (p *peer) whileBlocked(t *testing.T, send func()) {
	t.Helper()
	p.socket.SetSpace(100)
	send()
	actorstest.Pause(time.Second)
	p.socket.SetSpace(-1)
	actorstest.Pause(time.Second)
	for _, f := range p.socket.Frames(t) {
		if f.Close != 0 {
			t.Fatalf("disconnected with %d", f.Close)
		}
	}
}

// A client whose socket is full can join a room of long messages, resume it and page to its beginning.
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
			t.Errorf("resumed although the missed messages exceed the outbox: %+v", last)
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
				t.Fatal("empty page with more set")
			}
		}
		if next != 1 {
			t.Errorf("paging ended at seq %d, want 1", next)
		}
	})
}

// A resume sends the missed messages if they fit into the outbox.
func TestLongMessagesAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newLongMessageRig(t, 20)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), HasSince: true, Since: wire.Position{Epoch: r.bus.Epoch, Seq: 5}})
		p.whileBlocked(t, func() {})
		if j := p.onlyFrame("joined"); !j.Recovered || j.Missed != 15 || len(p.framesOfType("new_message")) != 15 {
			t.Errorf("joined frame %+v, want recovered with 15 missed messages", j)
		}
	})
}

// A roster page has fewer users if their names and avatars are long. The cursor continues after the last one.
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
			t.Errorf("%d users in all pages, want %d", found, users+1)
		}
	})
}

// FrameSize is at least the size of a message in a frame. Otherwise an answer could exceed the outbox.
func TestFrameSizeIsUpperBound(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("\"\\\n\u2028\u2029é", 300)} {
		m := wire.Message{ID: "0-q81-1", UserID: text, UserName: text, UserAvatar: text, Text: text, At: 1767323045678, EditedAt: 1767323045678}
		bare := len(wire.AppendHistory(nil, "", "", wire.Position{}, nil, false))
		full := len(wire.AppendHistory(nil, "", "", wire.Position{}, []wire.HistoryItem{{Seq: 1 << 40, Message: m}}, false))
		if full-bare > fanout.FrameSize(&m) {
			t.Errorf("message with texts of %d bytes: %d bytes in the frame, FrameSize is %d", len(text), full-bare, fanout.FrameSize(&m))
		}
	}
}
