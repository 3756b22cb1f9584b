package redistest

import (
	"context"
	"fmt"
	"testing"
)

func TestRestartLosesData(t *testing.T) {
	s := Start(t, Config{})
	s.Do(t, "SET", "k", "v")
	s.Kill()
	if err := s.Client().Ping(context.Background()).Err(); err == nil {
		t.Fatal("Ping succeeded on a killed server")
	}
	s.Restart(t)
	if n := s.Do(t, "DBSIZE"); n != int64(0) {
		t.Errorf("%v keys after the restart, want none", n)
	}
	if s.CPU(t) < 0 {
		t.Error("negative CPU time")
	}
}

func TestServersAreIndependent(t *testing.T) {
	a, b := Start(t, Config{Password: "x y#z"}), Start(t, Config{Certificates: NewCertificates(t)})
	a.Do(t, "SET", "k", "a")
	if v := b.Do(t, "EXISTS", "k"); v != int64(0) {
		t.Errorf("a key of one server exists on the other")
	}
}

func TestClusterOwnsAllSlots(t *testing.T) {
	c := StartCluster(t, 3)
	for i := range 20 {
		key := fmt.Sprintf("key-%d", i)
		c.Owner(t, key).Do(t, "SET", key, "v") // another master would answer MOVED
	}
	to := c.MoveSlot(t, "another")
	to.Do(t, "SET", "another", "v")
}
