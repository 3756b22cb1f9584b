package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// fake is a chat server of one room for tests of the client. It stores the first ack of each id, resumes, and drops
// connections if hangUp says so.
type fake struct {
	server *httptest.Server

	mu      sync.Mutex
	log     []Message
	acks    map[string]string
	members map[*fakeConn]bool
	hangUp  func(n int) bool // called at the n-th append: whether to drop the writer before its ack
}

type fakeConn struct{ *websocket.Conn }

func newFake(t *testing.T) *fake {
	f := &fake{acks: map[string]string{}, members: map[*fakeConn]bool{}, hangUp: func(int) bool { return false }}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(func() {
		f.dropAll()
		f.server.Close()
	})
	return f
}

func (f *fake) dial() Dial { return Dial{Addr: strings.TrimPrefix(f.server.URL, "http://")} }

func (f *fake) dropAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.members {
		_ = c.Close()
	}
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "Bearer bad" {
		w.Header().Set("Retry-After", "7")
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		panic(err)
	}
	c := &fakeConn{ws}
	defer c.Close()
	f.join(c, r.URL.Query())
	for {
		_, text, err := c.ReadMessage()
		if err != nil {
			f.mu.Lock()
			delete(f.members, c)
			f.mu.Unlock()
			return
		}
		var cmd Command
		if json.Unmarshal(text, &cmd) != nil {
			c.send(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.ClosePolicyViolation, ""))
			continue
		}
		f.handle(c, cmd)
	}
}

func (f *fake) join(c *fakeConn, q url.Values) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.json(`{"type":"connected"}`)
	c.send(websocket.PingMessage, []byte("are you there"))
	since, err := strconv.Atoi(q.Get("since"))
	if err != nil || q.Get("epoch") != "e1" {
		c.json(`{"type":"joined","room":"r","epoch":"e1","seq":%d,"recovered":false}`, len(f.log))
		c.json(`{"type":"message_history","room":"r","epoch":"e1","seq":%d,"data":%s}`, len(f.log), asJSON(f.log))
	} else {
		c.json(`{"type":"joined","room":"r","epoch":"e1","seq":%d,"recovered":true,"missed":%d}`, len(f.log), len(f.log)-since)
		for _, m := range f.log[since:] {
			c.json(`{"type":"new_message","room":"r","seq":%d,"data":%s}`, m.Seq, asJSON(m))
		}
	}
	f.members[c] = true
}

func (f *fake) handle(c *fakeConn, cmd Command) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch cmd.Type {
	case "history":
		to := len(f.log)
		if cmd.Before > 0 {
			to = int(cmd.Before) - 1
		}
		from := max(0, to-cmd.Limit)
		c.json(`{"type":"message_history","id":%q,"room":"r","data":%s,"more":%v}`, cmd.ID, asJSON(f.log[from:to]), from > 0)
	case "send_message":
		if ack := f.acks[cmd.ID]; ack != "" {
			c.json(`%s,"duplicate":true}`, ack)
			return
		}
		m := Message{Seq: uint64(len(f.log) + 1), ID: fmt.Sprintf("m%d", len(f.log)+1), Message: cmd.Message}
		f.log = append(f.log, m)
		f.acks[cmd.ID] = fmt.Sprintf(`{"type":"ack","id":%q,"messageId":%q,"seq":%d,"stored":"local"`, cmd.ID, m.ID, m.Seq)
		for member := range f.members {
			member.json(`{"type":"new_message","room":"r","seq":%d,"data":%s}`, m.Seq, asJSON(m))
		}
		if f.hangUp(len(f.log)) {
			_ = c.Close()
			return
		}
		c.json("%s}", f.acks[cmd.ID])
	}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (c *fakeConn) json(format string, args ...any) {
	c.send(websocket.TextMessage, fmt.Appendf(nil, format, args...))
}

// send writes one message. The reading side notices a disconnected client.
func (c *fakeConn) send(kind int, data []byte) { _ = c.WriteMessage(kind, data) }
