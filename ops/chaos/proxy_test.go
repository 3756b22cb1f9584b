package chaos

import (
	"bytes"
	"net"
	"sync"
	"testing"
	"time"
)

// Directions of a connection through a proxy.
type direction bool

const (
	up   direction = true  // node → Redis
	down direction = false // Redis → node
)

// weather is how a proxy treats bytes until the next change.
type weather struct {
	holds func(name string, d direction) bool // bytes to hold back; nil: none
	delay time.Duration                       // in each direction
	over  chan struct{}                       // closed by the next change
}

// proxy is between the nodes and one Redis. It never drops bytes: those that it holds back arrive after the next
// change, like TCP after a partition. It identifies connections by the names that the nodes set with CLIENT SETNAME.
type proxy struct {
	Addr   string
	target string
	l      net.Listener
	ended  sync.WaitGroup

	mu      sync.Mutex
	weather *weather
	conns   map[*passage]bool
}

// passage is one connection and the connection to Redis that continues it.
type passage struct {
	client, server net.Conn

	mu   sync.Mutex
	name string
}

// startProxy runs a proxy to target until the test ends.
func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	p := &proxy{Addr: l.Addr().String(), target: target, l: l, conns: map[*passage]bool{}, weather: &weather{over: make(chan struct{})}}
	p.ended.Go(p.accept)
	t.Cleanup(p.stop)
	return p
}

func (p *proxy) stop() {
	_ = p.l.Close() // ends accept
	p.clear()
	p.cut(func(string) bool { return true })
	p.ended.Wait()
}

func (p *proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		p.ended.Go(func() { p.pass(c) })
	}
}

// pass forwards one connection until either end closes it.
func (p *proxy) pass(c net.Conn) {
	s, err := net.DialTimeout("tcp", p.target, time.Second)
	if err != nil {
		_ = c.Close() // without Redis there is no proxy either
		return
	}
	pass := &passage{client: c, server: s}
	p.mu.Lock()
	p.conns[pass] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.carry(pass, c, s, up) })
	both.Go(func() { p.carry(pass, s, c, down) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, pass)
	p.mu.Unlock()
}

func (p *proxy) carry(pass *passage, from, to net.Conn, d direction) {
	defer pass.close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if d == up {
			pass.learn(buf[:n])
		}
		p.wait(pass, d)
		if n > 0 {
			if _, failed := to.Write(buf[:n]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait returns when the bytes of the passage may pass.
func (p *proxy) wait(pass *passage, d direction) {
	for {
		p.mu.Lock()
		w := p.weather
		p.mu.Unlock()
		if w.holds == nil || !w.holds(pass.called(), d) {
			pause(w.delay)
			return
		}
		<-w.over
	}
}

func pause(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

// change sets the weather.
func (p *proxy) change(w *weather) {
	w.over = make(chan struct{})
	p.mu.Lock()
	was := p.weather
	p.weather = w
	p.mu.Unlock()
	close(was.over)
}

// hold holds back the matching bytes.
func (p *proxy) hold(match func(name string, d direction) bool) { p.change(&weather{holds: match}) }

// clear lets all bytes pass.
func (p *proxy) clear() { p.change(&weather{}) }

// cut closes the connections with a matching name.
func (p *proxy) cut(match func(name string) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for pass := range p.conns {
		if match(pass.called()) {
			pass.close()
		}
	}
}

func (pass *passage) close() {
	_ = pass.client.Close() // closing twice is harmless
	_ = pass.server.Close()
}

// learn finds the name of the connection in its first commands.
func (pass *passage) learn(b []byte) {
	pass.mu.Lock()
	defer pass.mu.Unlock()
	if pass.name != "" {
		return
	}
	if i := bytes.Index(b, []byte("chatnode:")); i >= 0 {
		name, _, _ := bytes.Cut(b[i:], []byte("\r\n"))
		pass.name = string(name)
	}
}

func (pass *passage) called() string {
	pass.mu.Lock()
	defer pass.mu.Unlock()
	return pass.name
}
