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

// serverRig is a Server on a real listener with fake sessions. At the end it asserts that no slot, socket or
// goroutine is left.
type serverRig struct {
	t          testing.TB
	server     *Server
	httpServer *http.Server
	addr       string
	tls        *tls.Config // of clients; nil: plain TCP
	sessions   chan *session

	mu  sync.Mutex
	all []*session
}

// newRig starts a Server. change, if not nil, changes its options first.
func newRig(t testing.TB, change func(o *Options)) *serverRig {
	t.Helper()
	r := buildRig(t, change)
	r.serve(nil)
	return r
}

// buildRig returns a rig that does not serve yet.
func buildRig(t testing.TB, change func(o *Options)) *serverRig {
	r := &serverRig{t: t, sessions: make(chan *session, 10_000)}
	opt := Options{Admit: r.admit, Authenticate: authenticateAny}
	if change != nil {
		change(&opt)
	}
	r.server = New(opt)
	r.httpServer = NewHTTPServer(r.server)
	r.httpServer.ErrorLog = log.New(io.Discard, "", 0) // some tests panic on purpose
	return r
}

// serve serves until the test ends, over TLS if conf is not nil.
func (r *serverRig) serve(conf *tls.Config) {
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
	go func() { served <- r.httpServer.Serve(listener) }()
	t.Cleanup(func() {
		r.t = t // a fuzz target may have replaced it
		r.close()
		<-served
		goleak.VerifyNone(t, before)
	})
}

func (r *serverRig) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r.server.Drain()
	r.mu.Lock()
	for _, s := range r.all {
		s.stop()
	}
	r.mu.Unlock()
	if err := r.server.Close(ctx); err != nil {
		r.t.Errorf("close: %v", err)
	}
	if n := r.server.Open(); n != 0 {
		r.t.Errorf("%d slots still used", n)
	}
	for _, s := range r.all {
		s.wait()
	}
	if err := r.httpServer.Close(); err != nil {
		r.t.Errorf("close HTTP server: %v", err)
	}
}

func (r *serverRig) admit(a chat.ConnectRequest) (Client, error) {
	s := newSession(a)
	if _, err := a.Socket.Write(nil); err != nil { // sends the 101 response
		return nil, err
	}
	r.mu.Lock()
	r.all = append(r.all, s)
	r.mu.Unlock()
	r.sessions <- s
	return s, nil
}

// session returns the next admitted session.
func (r *serverRig) session() *session {
	r.t.Helper()
	select {
	case s := <-r.sessions:
		return s
	case <-time.After(waitTime):
		r.t.Fatal("timeout: no connection was admitted")
		return nil
	}
}

// waitTime is the timeout for expected events.
const waitTime = 5 * time.Second

func authenticateAny(*http.Request) (chat.Identity, *http.Cookie, error) {
	return chat.Identity{UserID: "u1", UserName: "Una"}, nil, nil
}

// within waits for a condition, which what describes.
func within(t testing.TB, d time.Duration, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(d)
	for !cond() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("timeout after %v: %s", d, what)
		}
	}
}

// smallBuffers returns an Admit that sets small write buffers.
func smallBuffers(admit Admit) Admit {
	return func(a chat.ConnectRequest) (Client, error) {
		if err := a.Socket.(*socket).conn.(*net.TCPConn).SetWriteBuffer(4096); err != nil {
			return nil, err
		}
		return admit(a)
	}
}
