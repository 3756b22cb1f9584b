package cluster

import (
	"testing"

	"chatnode/transport/proctest"
)

// FreePort returns a port of 127.0.0.1 on which no process listens.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := proctest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}
