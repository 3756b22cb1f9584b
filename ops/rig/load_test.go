package rig

import (
	"slices"
	"testing"
	"time"
)

func TestConnectionsAreSharedAmongProcesses(t *testing.T) {
	for _, c := range []struct {
		connections, senders int
		holders              []int
		last                 int
	}{
		{1000, 0, nil, 1000},
		{19_000, 0, nil, 19_000},
		{19_001, 0, []int{19_000}, 1},
		{40_000, 1000, []int{19_000, 19_000, 1000}, 1000},
	} {
		l := Load{Connections: c.connections, Senders: c.senders}
		if got := l.holders(); !slices.Equal(got, c.holders) || l.senders() != c.last {
			t.Errorf("%+v: %v and %d", c, got, l.senders())
		}
	}
}

// Two processes, one of which only holds, on a real node: what all of them were shown is counted, and
// what the node used meanwhile is seen.
func TestALoadOnARealNode(t *testing.T) {
	dir := t.TempDir()
	node, err := Build(t.Context(), dir, "node/chatnode")
	if err != nil {
		t.Fatal(err)
	}
	loadtest, err := Build(t.Context(), dir, "ops/loadtest")
	if err != nil {
		t.Fatal(err)
	}
	var g Group
	t.Cleanup(func() {
		if err := g.Stop(); err != nil {
			t.Error(err)
		}
	})
	server, err := g.StartNode(t.Context(), dir, node, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := Load{
		Program: loadtest, Dir: dir, Addrs: []string{server.Addr}, Connections: 40, Senders: 10, Rooms: 2,
		Rate: 100, Duration: 2 * time.Second, Size: 64, ConnectRate: 1000, Settle: 100 * time.Millisecond,
	}
	o, err := l.Run(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	if !o.OK || o.Report.Messages.Sent != 200 || o.Deliveries != 200*20 || o.Generator <= 0 {
		t.Errorf("%+v", o)
	}
	if d := o.Sending(); d < l.Duration || o.End.Total().CPU <= o.Begin.Total().CPU || o.LeastMemory() <= 0 || len(o.Samples) < 2 {
		t.Errorf("%v, %+v to %+v in %d samples", d, o.Begin, o.End, len(o.Samples))
	}
	if o.Quiet[1].At.Sub(o.Quiet[0].At) < l.Settle {
		t.Errorf("quiet %+v", o.Quiet)
	}
}
