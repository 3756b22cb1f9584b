package ws

import (
	"net/netip"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// Under a crowd that connects at once, never more than the limit are in, and every slot comes back.
func TestSlotsUnderConcurrentConnects(t *testing.T) {
	const limit, crowd, rounds = 8, 40, 5
	r := newRig(t, func(o *Options) { o.MaxConnections = limit })
	for range rounds {
		statuses := make(chan int, crowd)
		clients := make([]*client, crowd)
		for i := range clients {
			clients[i] = r.connect()
		}
		var wg sync.WaitGroup
		for _, c := range clients {
			wg.Add(1)
			go func() {
				defer wg.Done()
				c.request("/chat")
				res, err := readAnswer(c.in)
				if err != nil {
					t.Errorf("reading the response: %v", err)
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
		within(t, waitTime, "all slots are free", func() bool { return r.edge.Open() == 0 })
	}
}

// The counts are those of a plain model, whatever is taken and freed.
func TestSlotsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit, perIP := rapid.IntRange(0, 6).Draw(t, "max"), rapid.IntRange(0, 3).Draw(t, "maxPerIP")
		s := newSlots(limit, perIP)
		var held []netip.Addr
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				ip := netip.AddrFrom4([4]byte{10, 0, 0, byte(rapid.IntRange(1, 4).Draw(t, "ip"))})
				same := 0
				for _, h := range held {
					if h == ip {
						same++
					}
				}
				want := (limit == 0 || len(held) < limit) && (perIP == 0 || same < perIP)
				if _, ok := s.take(ip); ok != want {
					t.Fatalf("take: %v, want %v", ok, want)
				} else if ok {
					held = append(held, ip)
				}
			},
			"free": func(t *rapid.T) {
				if len(held) == 0 {
					return
				}
				i := rapid.IntRange(0, len(held)-1).Draw(t, "which")
				s.free(held[i])
				held = append(held[:i], held[i+1:]...)
			},
			"": func(t *rapid.T) {
				if s.open() != len(held) || len(s.perIP) > len(held) {
					t.Fatalf("%d taken by %d addresses, %d held", s.open(), len(s.perIP), len(held))
				}
			},
		})
	})
}
