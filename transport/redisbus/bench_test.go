package redisbus_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// BenchmarkAppend appends batches of several sizes to one room and to 50 rooms, on one connection. One operation is
// one batch. The benchmark reports appends/s and the CPU time of Redis per append.
func BenchmarkAppend(b *testing.B) {
	s := redistest.Start(b, redistest.Config{})
	e := newEngine(b, s.URL(), "bench")
	a := closeOnCleanup(b, e.NewAppender())
	sub := closeOnCleanup(b, e.NewSubscriber())
	if err := sub.Open(context.Background(), func(chat.Event) {}); err != nil {
		b.Fatal(err)
	}
	serial := 0
	for _, rooms := range []int{1, 50} {
		for _, size := range []int{1, 10, 100, 1000} {
			b.Run(fmt.Sprintf("batch=%d/rooms=%d", size, rooms), func(b *testing.B) { appendBatches(b, s, a, size, rooms, &serial) })
		}
	}
}

func appendBatches(b *testing.B, s *redistest.Server, a *redisbus.Appender, size, rooms int, serial *int) {
	before := s.CPU(b)
	for b.Loop() {
		batch := make([]chat.Write, size)
		for i := range batch {
			*serial++
			batch[i] = message(fmt.Sprintf("room-%d", *serial%rooms), fmt.Sprintf("%x-bench-%x", *serial, *serial))
		}
		if _, err := a.Append(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	n := float64(b.N * size)
	b.ReportMetric(n/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64((s.CPU(b)-before).Microseconds())/n, "redis-µs/append")
}

// BenchmarkRange reads the newest page of a room.
func BenchmarkRange(b *testing.B) {
	s := redistest.Start(b, redistest.Config{})
	e := newEngine(b, s.URL(), "bench")
	a, store := closeOnCleanup(b, e.NewAppender()), closeOnCleanup(b, e.NewStore())
	for i := range 1000 {
		must(a.Append(context.Background(), []chat.Write{message("global", fmt.Sprintf("m-%d", i))}))(b, "append")
	}
	for _, limit := range []int{50, 256} {
		b.Run(fmt.Sprintf("limit=%d", limit), func(b *testing.B) {
			for b.Loop() {
				p := must(store.Range(context.Background(), chat.Query{Room: "global", Limit: limit, Newest: true}))(b, "range")
				if len(p.Entries) != limit {
					b.Fatalf("%d entries, want %d", len(p.Entries), limit)
				}
			}
		})
	}
}

// BenchmarkBeat measures a heartbeat in a cluster of 10 to 1,000 instances. It reports the CPU time of Redis and the
// bytes that Redis sends.
func BenchmarkBeat(b *testing.B) {
	for _, instances := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("instances=%d", instances), func(b *testing.B) {
			s := redistest.Start(b, redistest.Config{})
			slow := func(o *redisbus.Options) { o.HeartbeatInterval, o.DeadAfter = time.Hour, 4*time.Hour }
			for i := range instances - 1 {
				other := newEngine(b, s.URL(), fmt.Sprintf("api-7f9c6d5b8-%05d", i), slow).NewStore()
				must(other.Heartbeat(ctx(b), 10_000))(b, "heartbeat")
				must(0, other.Close())(b, "close")
			}
			store := closeOnCleanup(b, newEngine(b, s.URL(), "api-7f9c6d5b8-self", slow).NewStore())
			must(store.Heartbeat(ctx(b), 10_000))(b, "first heartbeat")
			before, sent := s.CPU(b), infoStats(b, s, "stats")["total_net_output_bytes"]
			for b.Loop() {
				if view := must(store.Heartbeat(context.Background(), 10_000))(b, "heartbeat"); len(view.Instances) != instances {
					b.Fatalf("%d instances", len(view.Instances))
				}
			}
			b.ReportMetric(float64((s.CPU(b)-before).Nanoseconds())/1000/float64(b.N), "redis-µs/beat")
			b.ReportMetric(float64(infoStats(b, s, "stats")["total_net_output_bytes"]-sent)/float64(b.N), "redis-B/beat")
		})
	}
}
