package cluster

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// Ports below the range from which the system takes them for outgoing connections: a node that is
// restarted finds its own still free.
const firstPort, lastPort = 15000, 32000

// FreePort returns a port of 127.0.0.1 that nobody listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = l.Close() // it was only to see
			return port
		}
	}
	t.Fatal("no free port in 100 tries")
	return 0
}
