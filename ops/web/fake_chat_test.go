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

// waitTimeout is the maximum time that a test waits for an expected event.
const waitTimeout = 15 * time.Second

// fakeChat serves the page, and a /chat that is controlled by the test.
type fakeChat struct {
	t      *testing.T
	srv    *httptest.Server
	peers  chan *peer
	refuse atomic.Int32 // HTTP status of /chat; 0: upgrade
}

// peer is the server side of one connection of a page.
type peer struct {
	gws.BuiltinEventHandler
	t       *testing.T
	conn    *gws.Conn
	request *http.Request
	in      chan wire.Command
	gone    chan struct{} // closed when the connection has ended
	silent  atomic.Bool   // do not answer pings
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
	p := &peer{t: f.t, request: r, in: make(chan wire.Command, 256), gone: make(chan struct{})}
	conn, err := gws.NewUpgrader(p, &gws.ServerOption{SubProtocols: []string{"chatnode"}}).Upgrade(w, r)
	if err != nil {
		return // not a WebSocket; gws has sent a response
	}
	p.conn = conn
	f.peers <- p
	go conn.ReadLoop() // ends when the browser closes the connection
}

// accept waits for the next connection.
func (f *fakeChat) accept() *peer {
	f.t.Helper()
	select {
	case p := <-f.peers:
		return p
	case <-time.After(waitTimeout):
		f.t.Fatal("the page did not connect")
		return nil
	}
}

// acceptAda accepts the next connection as user Ada, and sends the room "global" with n messages.
func (f *fakeChat) acceptAda(n int) *peer {
	f.t.Helper()
	p := f.accept()
	p.sendConnected()
	p.sendRoom("global", n)
	return p
}

// OnMessage implements gws.Event.
func (p *peer) OnMessage(_ *gws.Conn, m *gws.Message) {
	cmd, err := wire.Decode(m.Bytes())
	_ = m.Close()
	switch {
	case err != nil:
		p.t.Errorf("the page sent an invalid frame: %v", err)
	case cmd.Type == wire.Ping:
		if !p.silent.Load() {
			p.send(wire.AppendPong(nil, cmd.T))
		}
	default:
		p.in <- cmd
	}
}

// OnClose implements gws.Event.
func (p *peer) OnClose(*gws.Conn, error) { close(p.gone) }

func (p *peer) send(frame []byte) {
	_ = p.conn.WriteMessage(gws.OpcodeText, frame) // the connection may be closed; the test detects this elsewhere
}

// expect waits for the next command and fails unless it has the type want. It ignores typing.
func (p *peer) expect(want wire.CommandType) wire.Command {
	p.t.Helper()
	timeout := time.After(waitTimeout)
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

// expectNothing fails if the page sends a command other than typing within d.
func (p *peer) expectNothing(d time.Duration) {
	p.t.Helper()
	select {
	case cmd := <-p.in:
		if cmd.Type != wire.Typing {
			p.t.Fatalf("the page sent %+v, want nothing", cmd)
		}
	case <-time.After(d):
	}
}

// waitClosed waits until the page has closed the connection.
func (p *peer) waitClosed() {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(waitTimeout):
		p.t.Fatal("the page did not close the connection")
	}
}

func (p *peer) close(code uint16, reason string) {
	_ = p.conn.WriteClose(code, []byte(reason))
}

// offeredToken returns the token that the page offered, or "" if there was none.
func (p *peer) offeredToken() string {
	for offer := range strings.SplitSeq(p.request.Header.Get("Sec-WebSocket-Protocol"), ",") {
		if token, ok := strings.CutPrefix(strings.TrimSpace(offer), "bearer."); ok {
			return token
		}
	}
	return ""
}
