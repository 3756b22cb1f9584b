package ws

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"chatnode/actors/chat"
)

// rig is an edge on a real listener, with fake sessions behind it. Its end asserts that nothing is
// left: no slot, no socket, no goroutine.
type rig struct {
	t        testing.TB
	edge     *Server
	server   *http.Server
	addr     string
	tls      *tls.Config // of clients; nil: plain TCP
	sessions chan *session

	mu  sync.Mutex
	all []*session
}

// newRig serves an edge; change, if not nil, changes its options first.
func newRig(t testing.TB, change func(o *Options)) *rig {
	t.Helper()
	r := buildRig(t, change)
	r.serve(nil)
	return r
}

// buildRig is a rig that does not serve yet.
func buildRig(t testing.TB, change func(o *Options)) *rig {
	r := &rig{t: t, sessions: make(chan *session, 10_000)}
	opt := Options{Admit: r.admit, Authenticate: anybody}
	if change != nil {
		change(&opt)
	}
	r.edge = New(opt)
	r.server = NewHTTPServer(r.edge)
	r.server.ErrorLog = log.New(io.Discard, "", 0) // a test that panics on purpose says so itself
	return r
}

// serve serves until the test ends, over TLS if conf is not nil.
func (r *rig) serve(conf *tls.Config) {
	t := r.t
	t.Helper()
	before := goleak.IgnoreCurrent()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = listener.Addr().String()
	if conf != nil {
		listener = tls.NewListener(listener, conf)
	}
	served := make(chan error, 1)
	go func() { served <- r.server.Serve(listener) }()
	t.Cleanup(func() {
		r.t = t // a fuzz target has lent it its own
		r.end()
		<-served
		goleak.VerifyNone(t, before)
	})
}

func (r *rig) end() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r.edge.Drain()
	r.mu.Lock()
	for _, s := range r.all {
		s.stop()
	}
	r.mu.Unlock()
	if err := r.edge.Close(ctx); err != nil {
		r.t.Errorf("the edge does not end: %v", err)
	}
	if n := r.edge.Open(); n != 0 {
		r.t.Errorf("%d slots are still taken", n)
	}
	for _, s := range r.all {
		s.wait()
	}
	if err := r.server.Close(); err != nil {
		r.t.Errorf("closing the server: %v", err)
	}
}

func (r *rig) admit(a chat.ConnectRequest) (Client, error) {
	s := newSession(a)
	if _, err := a.Socket.Write(nil); err != nil { // the answer to the handshake
		return nil, err
	}
	r.mu.Lock()
	r.all = append(r.all, s)
	r.mu.Unlock()
	r.sessions <- s
	return s, nil
}

// session is the next one that was admitted.
func (r *rig) session() *session {
	r.t.Helper()
	select {
	case s := <-r.sessions:
		return s
	case <-time.After(waitTime):
		r.t.Fatal("no connection was admitted")
		return nil
	}
}

// waitTime is how long a test waits for what must come.
const waitTime = 5 * time.Second

func anybody(*http.Request) (chat.Identity, *http.Cookie, error) {
	return chat.Identity{UserID: "u1", UserName: "Una"}, nil, nil
}

// within waits for a condition, by which a test says what must come to hold.
func within(t testing.TB, d time.Duration, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(d)
	for !cond() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}

// smallBuffers makes sockets that take little at a time.
func smallBuffers(admit Admit) Admit {
	return func(a chat.ConnectRequest) (Client, error) {
		if err := a.Socket.(*socket).conn.(*net.TCPConn).SetWriteBuffer(4096); err != nil {
			return nil, err
		}
		return admit(a)
	}
}
