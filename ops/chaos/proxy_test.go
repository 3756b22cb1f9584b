package chaos

import (
	"bytes"
	"net"
	"sync"
	"testing"
	"time"
)

// A direction of a connection through a proxy, seen from the node.
type direction bool

const (
	up   direction = true  // node → Redis
	down direction = false // Redis → node
)

// weather is what a proxy does to what passes, until the next weather.
type weather struct {
	holds func(name string, d direction) bool // nothing gets through; nil: everything does
	delay time.Duration                       // in each direction
	over  chan struct{}                       // closed by the next weather
}

// A proxy stands between the nodes and one Redis. What it holds back it does not lose: it gets
// through when the weather clears, late, as TCP would have it after a partition. Connections are
// known by the names that the nodes give them in CLIENT SETNAME.
type proxy struct {
	Addr   string
	target string
	l      net.Listener
	ended  sync.WaitGroup

	mu      sync.Mutex
	weather *weather
	conns   map[*passage]bool
}

// passage is one connection and its continuation.
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

// pass carries one connection until either end closes it.
func (p *proxy) pass(c net.Conn) {
	s, err := net.DialTimeout("tcp", p.target, time.Second)
	if err != nil {
		_ = c.Close() // Redis is not there: neither is its proxy
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

// wait returns when the weather lets the passage's bytes through.
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

// change brings other weather.
func (p *proxy) change(w *weather) {
	w.over = make(chan struct{})
	p.mu.Lock()
	was := p.weather
	p.weather = w
	p.mu.Unlock()
	close(was.over)
}

// hold lets nothing through of what match matches.
func (p *proxy) hold(match func(name string, d direction) bool) { p.change(&weather{holds: match}) }

// clear lets everything through.
func (p *proxy) clear() { p.change(&weather{}) }

// cut closes the connections whose name matches.
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
	_ = pass.client.Close() // twice does no harm
	_ = pass.server.Close()
}

// learn finds the connection's name among its first commands.
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
