package rig

import (
	"io"
	"slices"
	"testing"
	"time"
)

func TestLoadSplitsConnections(t *testing.T) {
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

// Two loadtest processes, one of which only holds connections, on a real node with Redis. The outcome contains the
// deliveries to both, and the cost of the node.
func TestLoadOnRealNode(t *testing.T) {
	b := NewBench(t.Context(), io.Discard)
	t.Cleanup(b.Close)
	b.StartRedis()
	b.StartNodes(1)
	l := Load{
		Connections: 40, Senders: 10, Rooms: 2, Rate: 100, Duration: 2 * time.Second, Size: 64, ConnectRate: 1000,
		Settle: 100 * time.Millisecond, Figures: true,
	}
	o := b.Run(l)
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	if !o.OK || o.Messages.Sent != 200 || o.Deliveries != 200*20 || o.LoadCPU <= 0 {
		t.Errorf("%+v", o)
	}
	s := o.End.Since(o.Begin)
	if s.Seconds < 2 || s.Servers <= 0 || s.Redis <= 0 || o.End.Servers.Memory < 1<<20 || len(o.Samples) < 2 {
		t.Errorf("%+v in %d samples", s, len(o.Samples))
	}
	if o.Quiet[1].Since(o.Quiet[0]).Seconds < l.Settle.Seconds() {
		t.Errorf("quiet %+v", o.Quiet)
	}
	for _, name := range []string{"chatnode_appends_total", "cmdstat_evalsha", "total_net_input_bytes"} {
		if o.End.Figures[name] <= o.Begin.Figures[name] {
			t.Errorf("%s: %v to %v", name, o.Begin.Figures[name], o.End.Figures[name])
		}
	}
}

func TestServerThatEndsIsReported(t *testing.T) {
	b := &Bench{Ctx: t.Context(), Dir: t.TempDir()}
	t.Cleanup(b.Stop)
	b.StartServer("brief", "sh", func(string) (args, env []string) {
		return []string{"-c", "echo the end; exit 3"}, nil
	})
	if err := b.Err(); err == nil || err.Error() != "brief ended before it was ready:\nthe end\n" {
		t.Errorf("%v", err)
	}
	if o := b.Run(Load{Connections: 1}); len(o.Samples) == 0 || o.OK {
		t.Errorf("a load ran after an error: %+v", o)
	}
}
