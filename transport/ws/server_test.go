package ws

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// Who sends a header byte by byte is cut off.
func TestSlowHeader(t *testing.T) {
	s := NewHTTPServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout <= 0 || s.ReadHeaderTimeout > 10*time.Second || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Fatalf("timeouts %+v", s)
	}
	s.ReadHeaderTimeout = 200 * time.Millisecond // the same server, so that the test need not wait
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	defer func() {
		_ = s.Close()
		<-served
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(waitTime))
	dripped := make(chan struct{})
	go func() {
		defer close(dripped)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for _, b := range requestBytes("/chat") {
			<-tick.C
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
		}
	}()
	start := time.Now()
	if _, err := io.ReadAll(bufio.NewReader(conn)); isTimeout(err) {
		t.Fatal("the server goes on listening")
	}
	if d := time.Since(start); d < 100*time.Millisecond || d > 2*time.Second {
		t.Errorf("cut off after %v", d)
	}
	<-dripped
}

// The timeouts of the server end with the upgrade.
func TestTimeoutsEndWithTheUpgrade(t *testing.T) {
	r := buildRig(t, nil)
	r.server.ReadTimeout, r.server.WriteTimeout = 150*time.Millisecond, 150*time.Millisecond
	r.serve(nil)
	c, s := r.open("/chat")
	_ = c.conn.SetReadDeadline(time.Now().Add(400 * time.Millisecond))
	if _, err := c.in.ReadByte(); !isTimeout(err) {
		t.Fatalf("the connection ended: %v", err)
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(waitTime))
	c.send(0x81, `{"type":"ping"}`)
	s.command(t)
	s.send(text("late"))
	c.wantText("late")
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}
