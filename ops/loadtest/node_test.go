package main

import (
	"strings"
	"testing"

	"chatnode/ops/e2e/cluster"
)

func build(dir string) (string, error) { return cluster.Build(dir) }

// wantClean fails unless the run found no faults and each message was acknowledged.
func wantClean(t *testing.T, o outcome, sent, deliveries uint64) {
	t.Helper()
	m := o.report.Messages
	if o.code != exitOK || !o.report.OK || o.report.Faults != (faults{}) {
		t.Fatalf("exit %d, %+v\n%s%s", o.code, o.report.Faults, o.log, o.out)
	}
	if m.Sent != sent || m.Acked != sent || m.Refused+m.Unanswered != 0 || m.Deliveries != deliveries {
		t.Errorf("%+v, not %d messages and %d deliveries", m, sent, deliveries)
	}
}

func TestNodeLosesNothing(t *testing.T) {
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{"LOG_LEVEL": "warn"}})
	o := loadtest(t, c.Nodes[0].Addr, "-n", "50", "-rooms", "2", "-rate", "200", "-duration", "2s", "-sources", "127.0.1.1-127.0.1.4")
	wantClean(t, o, 400, 400*25)
	if o.report.Connections.Joined != 50 || o.report.Ack.Count != 400 || o.report.Delivery.P99 <= 0 || len(o.report.Timeline) < 2 {
		t.Errorf("%+v", o.report)
	}
	if !strings.Contains(o.out, "OK: ") || !strings.Contains(o.svg, "deliveries/s") {
		t.Errorf("%s\n%s", o.out, o.svg)
	}
}

func TestTokensAndSlowReaders(t *testing.T) {
	const secret = "a load test's secret of more than 32 characters"
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{
		"LOG_LEVEL": "warn", "AUTH_JWT_SECRET": secret, "GUEST_ACCESS": "off",
	}})
	o := loadtest(t, c.Nodes[0].Addr, "-jwt-secret", secret, "-n", "20", "-rooms", "1", "-rate", "50", "-duration", "1s", "-slow", "10%", "-slow-pause", "10ms")
	wantClean(t, o, 50, 50*18)
	if o.report.Connections.Slow != 2 || o.report.Messages.SlowReads == 0 {
		t.Errorf("%+v, %+v", o.report.Connections, o.report.Messages)
	}
}

// The node is killed while messages are in flight, and starts again. Acknowledged messages are still there, the others
// are sent again, and all are shown once.
func TestClientsReturnToKilledNode(t *testing.T) {
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{"LOG_LEVEL": "warn"}})
	node := c.Nodes[0]
	f := launch(t, node.Addr, "-n", "20", "-rooms", "2", "-rate", "100", "-duration", "3s", "-drain", "30s")
	f.awaitSending(t)
	node.Kill()
	node.Restart(t)
	o := f.land(t)
	wantClean(t, o, 300, 300*10)
	if o.report.Connections.Reconnects == 0 {
		t.Errorf("%+v", o.report.Connections)
	}
}

// A client that does not read after the join is disconnected, and receives the close code when it reads. The others are
// shown all messages.
func TestSilentClientsAreDisconnected(t *testing.T) {
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{"LOG_LEVEL": "warn", "RATE_LIMIT": "off", "OUTBOX_BYTES": "65536"}})
	o := loadtest(t, c.Nodes[0].Addr, "-n", "10", "-rooms", "1", "-rate", "1600", "-size", "2000", "-duration", "1s", "-silent", "2")
	wantClean(t, o, 1600, 1600*8)
	if o.report.Connections.Silent != 2 || o.report.Events["silent, closed with 1013"] != 2 {
		t.Errorf("%+v, %v", o.report.Connections, o.report.Events)
	}
}
