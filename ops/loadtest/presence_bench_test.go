package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	visitor "chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

// BenchmarkPresence reports the cost in cores of 500 joins and leaves per second in a room of 18,000 silent members,
// minus that of the same 500 in a small room. The large room receives counts twice a minute, so it is measured for half
// a minute. The small room is measured before and after it, because the speed of the machine may change.
func BenchmarkPresence(b *testing.B) {
	const members, rate = 18_000, 500
	for b.Loop() {
		node := benchNode(b)
		f := launch(b, node.Addr, "-n", strconv.Itoa(members), "-rooms", "1", "-room-prefix", "huge-", "-connect-rate", "5000", "-rate", "0", "-duration", "50s")
		node.Until(b, "full", func() bool { return figure(b, node, "chatnode_sessions") == members })
		before := comeAndGo(b, node, "small", rate, 7*time.Second)
		there := comeAndGo(b, node, "huge-0", rate, 30*time.Second)
		elsewhere := (before + comeAndGo(b, node, "small", rate, 7*time.Second)) / 2
		b.ReportMetric(there-elsewhere, "cores")
		b.ReportMetric(there, "cores-there")
		b.ReportMetric(elsewhere, "cores-elsewhere")
		b.ReportMetric(0, "ns/op")
		if o := f.land(b); o.code != exitOK {
			b.Fatalf("exit %d\n%s", o.code, o.log)
		}
	}
}

// comeAndGo lets rate clients per second join a room, for a second each, and returns the cores that the node uses.
func comeAndGo(b *testing.B, node *cluster.Node, room string, rate int, d time.Duration) float64 {
	b.Helper()
	ctx, stop := context.WithTimeout(b.Context(), d)
	defer stop()
	busy, begun := figure(b, node, "process_cpu_seconds_total"), time.Now()
	var visitors sync.WaitGroup
	var refused atomic.Int64
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		<-tick.C
		d := visitor.Dial{Addr: node.Addr, From: fmt.Sprintf("127.0.3.%d", 1+n%200), Query: url.Values{"room": {room}}}
		visitors.Go(func() {
			if visit(d) != nil {
				refused.Add(1)
			}
		})
	}
	visitors.Wait()
	if n := refused.Load(); n > 0 {
		b.Fatalf("%d could not join", n)
	}
	return (figure(b, node, "process_cpu_seconds_total") - busy) / time.Since(begun).Seconds()
}

// visit joins, reads for a second, and leaves.
func visit(d visitor.Dial) error {
	c, err := d.Open(context.Background())
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.Deadline(time.Now().Add(time.Second))
	for err == nil {
		_, err = c.Read()
	}
	return nil
}
