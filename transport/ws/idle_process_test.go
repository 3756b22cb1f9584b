package ws

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"
)

// TestMain runs idleClients instead of the tests if idleEnv is set.
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

// idleClients opens the number of connections in spec and prints "open". After a line on standard input each
// connection sends a message, and idleClients prints "sent". It ends after another line, or with its parent.
func idleClients(spec string) error {
	var addr string
	var count int
	if _, err := fmt.Sscanf(spec, "%s %d", &addr, &count); err != nil {
		return fmt.Errorf("parse %q: %w", spec, err)
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
	_, _ = in.ReadString('\n') // also ends if the parent has exited
	message := masked(0x81, []byte(`{"type":"send_message","id":"0123","room":"global","message":"hello, world"}`))
	for i, conn := range conns {
		if _, err := conn.Write(message); err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
	}
	fmt.Println("sent")
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
	a, err := readResponse(bufio.NewReader(conn))
	if err == nil && a.status != http.StatusSwitchingProtocols {
		err = fmt.Errorf("status %d", a.status)
	}
	return conn, err
}
