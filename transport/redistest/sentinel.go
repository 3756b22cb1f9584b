package redistest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// MasterName is the name of the master in the configuration of the sentinels.
const MasterName = "chat"

// Sentinel is a master with one replica, monitored by three sentinels with a quorum of two.
type Sentinel struct {
	Master, Replica *Server  // roles at the start; a failover swaps them
	Addrs           []string // host:port of the sentinels
}

// StartSentinel runs the five processes until the test ends. It returns when the sentinels know each other and the
// replica is connected.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s := &Sentinel{Master: Start(t, Config{})}
	s.Replica = Start(t, Config{Lines: []string{
		fmt.Sprintf("replicaof 127.0.0.1 %d", s.Master.Port), "repl-diskless-sync-delay 0",
	}})
	for range 3 {
		port := freePort(t)
		text := fmt.Sprintf("bind 127.0.0.1\nport %d\nsentinel monitor %s 127.0.0.1 %d 2\n"+
			"sentinel down-after-milliseconds %[2]s 1000\nsentinel failover-timeout %[2]s 5000\n",
			port, MasterName, s.Master.Port)
		launch(t, "redis-sentinel", writeFile(t, t.TempDir(), "sentinel.conf", text))
		s.Addrs = append(s.Addrs, address(port))
	}
	for _, addr := range s.Addrs {
		wait(t, "the sentinel at "+addr, func() bool { return isReady(addr) })
	}
	wait(t, "the replica", func() bool {
		return strings.Contains(fmt.Sprint(s.Replica.Do(t, "INFO", "replication")), "master_link_status:up")
	})
	return s
}

// isReady reports whether the sentinel knows the two other sentinels and the replica.
func isReady(addr string) bool {
	m, err := querySentinel(addr, "SENTINEL", "MASTER", MasterName)
	return err == nil && m["num-other-sentinels"] == "2" && m["num-slaves"] == "1" && m["flags"] == "master"
}

// querySentinel runs a command whose reply is a flat list of names and values.
func querySentinel(addr string, args ...any) (map[string]string, error) {
	c := redis.NewClient(&redis.Options{
		Addr: addr, Protocol: 2, DialerRetries: 1, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	defer func() { _ = c.Close() }()
	list, err := c.Do(context.Background(), args...).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("query sentinel at %s: %w", addr, err)
	}
	m := map[string]string{}
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m, nil
}

// AwaitMaster waits until every sentinel reports the server as the master.
func (s *Sentinel) AwaitMaster(t testing.TB, server *Server) {
	t.Helper()
	for _, addr := range s.Addrs {
		wait(t, "the failover to "+server.Addr, func() bool {
			m, err := querySentinel(addr, "SENTINEL", "MASTER", MasterName)
			return err == nil && m["port"] == fmt.Sprint(server.Port)
		})
	}
}

// URL returns the REDIS_URL with the addresses of the sentinels.
func (s *Sentinel) URL() string {
	return "redis+sentinel://" + strings.Join(s.Addrs, ",") + "/0?master_name=" + MasterName
}
