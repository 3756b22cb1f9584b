package proctest

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports below the range that the system uses for outgoing connections, so that a restarted program finds its port
// still free. The bus of a Redis Cluster uses the port busOffset above.
const (
	firstPort = 12000
	lastPort  = 22000
	busOffset = 10000
)

// FreePort returns a port of 127.0.0.1 on which no process listens. The port busOffset above is free too.
func FreePort() (port int, err error) {
	for range 100 {
		port = firstPort + rand.IntN(lastPort-firstPort)
		if err = tryListen(port); err == nil {
			err = tryListen(port + busOffset)
		}
		if err == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port in 100 attempts: %w", err)
}

func tryListen(port int) error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	return l.Close()
}
