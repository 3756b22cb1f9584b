package ws

import (
	"net/netip"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestSlotsUnderConcurrentConnects: concurrent connects never exceed the limit, and all slots become free again.
func TestSlotsUnderConcurrentConnects(t *testing.T) {
	const limit, crowd, rounds = 8, 40, 5
	r := newRig(t, func(o *Options) { o.MaxConnections = limit })
	for range rounds {
		statuses := make(chan int, crowd)
		clients := make([]*wsClient, crowd)
		for i := range clients {
			clients[i] = r.connect()
		}
		var wg sync.WaitGroup
		for _, c := range clients {
			wg.Add(1)
			go func() {
				defer wg.Done()
				c.request("/chat")
				res, err := readResponse(c.in)
				if err != nil {
					t.Errorf("read response: %v", err)
					return
				}
				statuses <- res.status
			}()
		}
		wg.Wait()
		close(statuses)
		count := map[int]int{}
		for s := range statuses {
			count[s]++
		}
		if count[101] != limit || count[503] != crowd-limit {
			t.Fatalf("statuses %v, want %d times 101 and the rest 503", count, limit)
		}
		for _, c := range clients {
			_ = c.conn.Close()
		}
		within(t, waitTime, "all slots are free", func() bool { return r.server.Open() == 0 })
	}
}

// TestSlotsModel: the counts match a simple model for any sequence of take and free.
func TestSlotsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit, perIP := rapid.IntRange(0, 6).Draw(t, "max"), rapid.IntRange(0, 3).Draw(t, "maxPerIP")
		s := newSlots(limit, perIP)
		var used []netip.Addr
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				ip := netip.AddrFrom4([4]byte{10, 0, 0, byte(rapid.IntRange(1, 4).Draw(t, "ip"))})
				same := 0
				for _, h := range used {
					if h == ip {
						same++
					}
				}
				want := (limit == 0 || len(used) < limit) && (perIP == 0 || same < perIP)
				if _, ok := s.take(ip); ok != want {
					t.Fatalf("take is %t, want %t", ok, want)
				} else if ok {
					used = append(used, ip)
				}
			},
			"free": func(t *rapid.T) {
				if len(used) == 0 {
					return
				}
				i := rapid.IntRange(0, len(used)-1).Draw(t, "which")
				s.free(used[i])
				used = append(used[:i], used[i+1:]...)
			},
			"": func(t *rapid.T) {
				if s.open() != len(used) || len(s.usedPerIP) > len(used) {
					t.Fatalf("%d used by %d addresses, want %d", s.open(), len(s.usedPerIP), len(used))
				}
			},
		})
	})
}
