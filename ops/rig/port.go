package rig

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports below the range from which the system takes them for outgoing connections.
const firstPort, lastPort = 15000, 32000

// FreePort is an address of 127.0.0.1 that nobody listens on.
func FreePort() (addr string, err error) {
	for range 100 {
		addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(lastPort-firstPort)))
		l, listenErr := net.Listen("tcp", addr)
		if listenErr == nil {
			return addr, l.Close()
		}
		err = listenErr
	}
	return "", fmt.Errorf("no free port in 100 tries: %w", err)
}
