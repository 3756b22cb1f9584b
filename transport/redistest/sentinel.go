package redistest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// MasterName is what the sentinels call their master.
const MasterName = "chat"

// A Sentinel is a master with one replica, watched by three sentinels with a quorum of two.
type Sentinel struct {
	Master, Replica *Server  // as they were started; a failover swaps their parts
	Addrs           []string // of the sentinels
}

// StartSentinel runs the five processes until the test ends. It returns once the sentinels know
// one another and the replica follows.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s := &Sentinel{Master: Start(t, Config{})}
	s.Replica = Start(t, Config{Lines: []string{fmt.Sprintf("replicaof 127.0.0.1 %d", s.Master.Port), "repl-diskless-sync-delay 0"}})
	for range 3 {
		port := freePort(t)
		text := fmt.Sprintf("bind 127.0.0.1\nport %d\nsentinel monitor %s 127.0.0.1 %d 2\nsentinel down-after-milliseconds %[2]s 1000\nsentinel failover-timeout %[2]s 5000\n", port, MasterName, s.Master.Port)
		launch(t, "redis-sentinel", writeFile(t, t.TempDir(), "sentinel.conf", text))
		s.Addrs = append(s.Addrs, address(port))
	}
	for _, addr := range s.Addrs {
		wait(t, "the sentinel at "+addr, func() bool { return ready(addr) })
	}
	wait(t, "the replica", func() bool {
		return strings.Contains(fmt.Sprint(s.Replica.Do(t, "INFO", "replication")), "master_link_status:up")
	})
	return s
}

// ready reports whether the sentinel knows two others and the replica.
func ready(addr string) bool {
	m, err := askSentinel(addr, "SENTINEL", "MASTER", MasterName)
	return err == nil && m["num-other-sentinels"] == "2" && m["num-slaves"] == "1" && m["flags"] == "master"
}

// askSentinel runs a command whose reply is a flat list of names and values.
func askSentinel(addr string, args ...any) (map[string]string, error) {
	c := redis.NewClient(&redis.Options{
		Addr: addr, Protocol: 2, DialerRetries: 1, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	defer func() { _ = c.Close() }()
	list, err := c.Do(context.Background(), args...).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("ask the sentinel at %s: %w", addr, err)
	}
	m := map[string]string{}
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m, nil
}

// AwaitMaster waits until every sentinel names the server as the master.
func (s *Sentinel) AwaitMaster(t testing.TB, server *Server) {
	t.Helper()
	for _, addr := range s.Addrs {
		wait(t, "the failover to "+server.Addr, func() bool {
			m, err := askSentinel(addr, "SENTINEL", "MASTER", MasterName)
			return err == nil && m["port"] == fmt.Sprint(server.Port)
		})
	}
}

// URL is the set's REDIS_URL.
func (s *Sentinel) URL() string {
	return "redis+sentinel://" + strings.Join(s.Addrs, ",") + "/0?master_name=" + MasterName
}
