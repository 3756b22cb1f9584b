package node

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/lxzan/gws"
)

func TestProxiesUnmarshal(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"", "[]"},
		{"10.0.0.1", "[10.0.0.1/32]"},
		{"10.1.2.3/8", "[10.0.0.0/8]"},
		{"::1, 10.0.0.0/8,fd00::/8", "[::1/128 10.0.0.0/8 fd00::/8]"},
		{"::ffff:10.0.0.1", "[10.0.0.1/32]"},
	} {
		if got := fmt.Sprint(mustLoad(t, nil, map[string]string{"TRUSTED_PROXIES": row.text}).TrustedProxies); got != row.want {
			t.Errorf("%q: parsed as %s, want %s", row.text, got, row.want)
		}
	}
}

// If the load balancer is trusted, each client behind it counts as its own address. Otherwise all of them count as
// one.
func TestConnectionLimitBehindProxy(t *testing.T) {
	for _, row := range []struct{ trusted, want string }{
		{"127.0.0.1", "101 429 101"},
		{"10.0.0.0/8", "101 429 429"},
		{"", "101 429 429"},
	} {
		r := startAPI(t, "MAX_CONNECTIONS_PER_IP=1", "TRUSTED_PROXIES="+row.trusted)
		var got []string
		for _, client := range []string{"203.0.113.7", "203.0.113.7", "203.0.113.8"} {
			conn, res, err := gws.NewClient(&gws.BuiltinEventHandler{}, &gws.ClientOption{
				Addr: "ws://" + r.url + "/chat", RequestHeader: http.Header{"X-Forwarded-For": {client}},
			})
			if res == nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // only the status is checked
			got = append(got, strconv.Itoa(res.StatusCode))
			if err == nil {
				t.Cleanup(func() { _ = conn.NetConn().Close() })
			}
		}
		if got := strings.Join(got, " "); got != row.want {
			t.Errorf("TRUSTED_PROXIES=%s: statuses %s, want %s", row.trusted, got, row.want)
		}
	}
}
