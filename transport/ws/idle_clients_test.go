package ws

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"
)

// TestMain makes the test binary the clients' process of BenchmarkIdleConnection where it is asked to.
func TestMain(m *testing.M) {
	spec := os.Getenv(idleEnv)
	if spec == "" {
		os.Exit(m.Run())
	}
	if err := idleClients(spec); err != nil {
		fmt.Fprintln(os.Stderr, "idle clients:", err)
		os.Exit(1)
	}
}

// idleClients opens as many connections as spec says and says "open"; after a line on standard input each
// sends a message, and it says "talked"; it ends after one more line, or with its parent.
func idleClients(spec string) error {
	var addr string
	var count int
	if _, err := fmt.Sscanf(spec, "%s %d", &addr, &count); err != nil {
		return fmt.Errorf("reading %q: %w", spec, err)
	}
	conns := make([]net.Conn, count)
	for i := range conns {
		conn, err := idleClient(addr)
		if err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
		conns[i] = conn
	}
	fmt.Println("open")
	in := bufio.NewReader(os.Stdin)
	_, _ = in.ReadString('\n') // a parent that is gone ends it as well
	message := masked(0x81, []byte(`{"type":"send_message","id":"0123","room":"global","message":"hello, world"}`))
	for i, conn := range conns {
		if _, err := conn.Write(message); err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
	}
	fmt.Println("talked")
	_, _ = in.ReadString('\n')
	return nil
}

func idleClient(addr string) (net.Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write(requestBytes("/chat")); err != nil {
		return nil, err
	}
	a, err := readAnswer(bufio.NewReader(conn))
	if err == nil && a.status != http.StatusSwitchingProtocols {
		err = fmt.Errorf("status %d", a.status)
	}
	return conn, err
}
