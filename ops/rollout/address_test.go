package rollout

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

// oneEach allows one connection per address, and trusts the address that the load balancer sends.
var oneEach = map[string]string{"MAX_CONNECTIONS_PER_IP": "1", "TRUSTED_PROXIES": "127.0.0.1"}

// Behind HAProxy a client is counted by its own address, whatever it claims.
func TestHAProxyForwardsAddress(t *testing.T) {
	t.Parallel()
	f := newFleet(t, nil, serving[:1])
	for k, v := range oneEach {
		f.set(serving[0], k, v)
	}
	f.must("fleet.sh", "bring_up", serving[0])
	f.countsByAddress()
}

// The same behind nginx.
func TestNginxForwardsAddress(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: oneEach})
	f := &fleet{T: t, addr: startNginx(t, c.Nodes[0].Addr, c.Nodes[0].Addr)}
	f.countsByAddress()
}

// countsByAddress checks that each address may open one connection, and no second one.
func (f *fleet) countsByAddress() {
	f.Helper()
	for _, from := range []string{"127.0.0.2", "127.0.0.3"} {
		if status := f.connect(from, "198.51.100.1"); status != http.StatusSwitchingProtocols {
			f.Errorf("the first of %s: %d", from, status)
		}
		if status := f.connect(from, "198.51.100.2"); status != http.StatusTooManyRequests {
			f.Errorf("the second of %s: %d", from, status)
		}
	}
}

// connect connects from an address until the test ends, claims another one, and returns the status.
func (f *fleet) connect(from, claims string) int {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), waitTimeout)
	defer cancel()
	d := client.Dial{Addr: f.addr, From: from, Header: http.Header{"X-Forwarded-For": {claims}}}
	conn, err := d.Open(ctx)
	var refused *client.Refused
	switch {
	case errors.As(err, &refused):
		return refused.Status
	case err != nil:
		f.Fatalf("connect from %s: %v", from, err)
	}
	f.Cleanup(conn.Close)
	return http.StatusSwitchingProtocols
}

// answers reports whether a server listens.
func answers(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}
