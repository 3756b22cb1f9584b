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

// TestSlowHeader: the server closes the connection of a client that sends its header byte by byte.
func TestSlowHeader(t *testing.T) {
	s := NewHTTPServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout <= 0 || s.ReadHeaderTimeout > 10*time.Second || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Fatalf("missing or wrong timeouts in %+v", s)
	}
	s.ReadHeaderTimeout = 200 * time.Millisecond // so that the test is short
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
		t.Fatal("the server did not close the connection")
	}
	if d := time.Since(start); d < 100*time.Millisecond || d > 2*time.Second {
		t.Errorf("closed after %v, want about 200ms", d)
	}
	<-dripped
}

// TestTimeoutsEndWithTheUpgrade: the timeouts of the HTTP server do not apply after the upgrade.
func TestTimeoutsEndWithTheUpgrade(t *testing.T) {
	r := buildRig(t, nil)
	r.httpServer.ReadTimeout, r.httpServer.WriteTimeout = 150*time.Millisecond, 150*time.Millisecond
	r.serve(nil)
	c, s := r.open("/chat")
	_ = c.conn.SetReadDeadline(time.Now().Add(400 * time.Millisecond))
	if _, err := c.in.ReadByte(); !isTimeout(err) {
		t.Fatalf("read: error %v, want a timeout", err)
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
