package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
	"chatnode/transport/web"
)

// patience is how long a test waits for what must come.
const patience = 15 * time.Second

// fakeChat serves the page, and a /chat that does only what the test says.
type fakeChat struct {
	t      *testing.T
	srv    *httptest.Server
	peers  chan *peer
	refuse atomic.Int32 // status for /chat, 0: upgrade
}

// peer is one connection of a page, seen from the server.
type peer struct {
	gws.BuiltinEventHandler
	t       *testing.T
	conn    *gws.Conn
	request *http.Request
	in      chan wire.Command
	left    chan struct{} // closed when the page has gone
	silent  atomic.Bool   // pings are not answered
}

func newFakeChat(t *testing.T) *fakeChat {
	f := &fakeChat{t: t, peers: make(chan *peer, 16)}
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler())
	mux.HandleFunc("/chat", f.upgrade)
	f.srv = httptest.NewServer(mux)
	t.Cleanup(f.srv.Close)
	return f
}

func (f *fakeChat) upgrade(w http.ResponseWriter, r *http.Request) {
	if status := f.refuse.Load(); status != 0 {
		http.Error(w, `{"title":"Refused.","detail":"banned: spam"}`, int(status))
		return
	}
	p := &peer{t: f.t, request: r, in: make(chan wire.Command, 256), left: make(chan struct{})}
	conn, err := gws.NewUpgrader(p, &gws.ServerOption{SubProtocols: []string{"chatnode"}}).Upgrade(w, r)
	if err != nil {
		return // not a WebSocket: gws has answered
	}
	p.conn = conn
	f.peers <- p
	go conn.ReadLoop() // ends with the connection, which the browser closes
}

// accept waits for the next connection.
func (f *fakeChat) accept() *peer {
	f.t.Helper()
	select {
	case p := <-f.peers:
		return p
	case <-time.After(patience):
		f.t.Fatal("the page did not connect")
		return nil
	}
}

// greeted accepts the next connection as Ada's and gives it the room "global" with n messages.
func (f *fakeChat) greeted(n int) *peer {
	f.t.Helper()
	p := f.accept()
	p.connected()
	p.room("global", n)
	return p
}

// OnMessage implements gws.Event.
func (p *peer) OnMessage(_ *gws.Conn, m *gws.Message) {
	cmd, err := wire.Decode(m.Bytes())
	_ = m.Close()
	switch {
	case err != nil:
		p.t.Errorf("the page sent a bad frame: %v", err)
	case cmd.Type == wire.Ping:
		if !p.silent.Load() {
			p.send(wire.AppendPong(nil, cmd.T))
		}
	default:
		p.in <- cmd
	}
}

// OnClose implements gws.Event.
func (p *peer) OnClose(*gws.Conn, error) { close(p.left) }

func (p *peer) send(frame []byte) {
	_ = p.conn.WriteMessage(gws.OpcodeText, frame) // a page that has gone is the test's concern
}

// expect waits for the next command, which must be of this type; typing does not count.
func (p *peer) expect(want wire.CommandType) wire.Command {
	p.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case cmd := <-p.in:
			if cmd.Type == wire.Typing && want != wire.Typing {
				continue
			}
			if cmd.Type != want {
				p.t.Fatalf("the page sent command %d (%+v), want %d", cmd.Type, cmd, want)
			}
			return cmd
		case <-timeout:
			p.t.Fatalf("the page sent nothing, want command %d", want)
		}
	}
}

// quiet fails if the page sends a command within d.
func (p *peer) quiet(d time.Duration) {
	p.t.Helper()
	select {
	case cmd := <-p.in:
		if cmd.Type != wire.Typing {
			p.t.Fatalf("the page sent %+v, want nothing", cmd)
		}
	case <-time.After(d):
	}
}

// closed waits until the page has closed the connection.
func (p *peer) closed() {
	p.t.Helper()
	select {
	case <-p.left:
	case <-time.After(patience):
		p.t.Fatal("the page kept the connection")
	}
}

func (p *peer) end(code uint16, reason string) {
	_ = p.conn.WriteClose(code, []byte(reason))
}

// bearer is the token that the page offered, "" for none.
func (p *peer) bearer() string {
	for offer := range strings.SplitSeq(p.request.Header.Get("Sec-WebSocket-Protocol"), ",") {
		if token, ok := strings.CutPrefix(strings.TrimSpace(offer), "bearer."); ok {
			return token
		}
	}
	return ""
}
