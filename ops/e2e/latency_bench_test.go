package e2e

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

// BenchmarkBetweenNodes measures one message from a client of one node through Redis to the only member on
// another, and in the same run, message for message, a bare PUBLISH to a subscriber of the same Redis:
//
//	go -C ops test ./e2e -run '^$' -bench BetweenNodes -benchtime 2000x
func BenchmarkBetweenNodes(b *testing.B) {
	for _, rate := range []int{100, 1000} {
		b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) { betweenNodes(b, time.Second/time.Duration(rate)) })
	}
}

func betweenNodes(b *testing.B, every time.Duration) {
	c := cluster.Start(b, cluster.Options{Binary: binary, Nodes: 2, Redis: true, Env: map[string]string{"RATE_LIMIT": "off", "GUEST_ACCESS": "write", "LOG_LEVEL": "warn"}})
	chat, heard := make(chan time.Duration, b.N), make(chan time.Duration, b.N)
	listen(b, c.Nodes[1], func(frame []byte) { arrived(chat, frame) })
	writer := listen(b, c.Nodes[0], func([]byte) {})
	subscriber := c.Redis.Client().Subscribe(context.Background(), "bare")
	if _, err := subscriber.Receive(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = subscriber.Close() })
	go func() {
		for m := range subscriber.Channel() {
			arrived(heard, []byte(m.Payload))
		}
	}()
	tick := time.NewTicker(every / 2)
	defer tick.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		if err := writer.Write(fmt.Appendf(nil, `{"type":"send_message","id":"m%d","message":"%s"}`, i, stamp())); err != nil {
			b.Fatal(err)
		}
		<-tick.C
		if err := c.Redis.Client().Publish(context.Background(), "bare", stamp()).Err(); err != nil {
			b.Fatal(err)
		}
	}
	report(b, "chat", chat)
	report(b, "bare", heard)
}

// listen joins the global room of a node and passes on each frame until the benchmark ends.
func listen(b *testing.B, n *cluster.Node, hear func(frame []byte)) *client.Conn {
	b.Helper()
	conn, err := client.Dial{Addr: n.Addr}.Open(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	joined := make(chan struct{})
	go func() {
		in := false
		for {
			frame, err := conn.Read()
			if err != nil {
				return
			}
			if !in && bytes.Contains(frame, []byte(`"type":"joined"`)) {
				in = true
				close(joined)
			}
			hear(frame)
		}
	}()
	select {
	case <-joined:
	case <-time.After(waitTimeout):
		b.Fatal("not joined")
	}
	return conn
}

// stamp returns the time of sending as text, which arrived finds in a received frame.
func stamp() string { return fmt.Sprintf("@%d@", time.Now().UnixNano()) }

func arrived(took chan<- time.Duration, received []byte) {
	now := time.Now().UnixNano()
	_, rest, _ := bytes.Cut(received, []byte("@"))
	digits, _, ok := bytes.Cut(rest, []byte("@"))
	if sent, err := strconv.ParseInt(string(digits), 10, 64); ok && err == nil {
		took <- time.Duration(now - sent)
	}
}

// report reports the median and the 99th percentile when all messages have arrived.
func report(b *testing.B, name string, took <-chan time.Duration) {
	b.Helper()
	all := make([]time.Duration, 0, b.N)
	deadline := time.After(waitTimeout)
	for len(all) < b.N {
		select {
		case d := <-took:
			all = append(all, d)
		case <-deadline:
			b.Fatalf("%s: %d of %d messages arrived", name, len(all), b.N)
		}
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), name+"-p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), name+"-p99-µs")
}
