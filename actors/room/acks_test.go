package room

import (
	"testing"

	"pgregory.net/rapid"
)

// Pending deliveries are removed by seq, each once, whatever the order in which they were added.
func TestDeliveryQueueIsSortedBySeq(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var q deliveryQueue
		var in, out []uint64
		for range rapid.IntRange(1, 80).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "add") {
				seq := rapid.Uint64Range(1, 50).Draw(r, "seq")
				q.add(pendingDelivery{seq: seq})
				in = append(in, seq)
				continue
			}
			least := uint64(0)
			for i := q.head; i < len(q.list); i++ {
				if s := q.list[i].seq; least == 0 || s < least {
					least = s
				}
			}
			a, ok := q.first()
			if ok != (least > 0) || ok && a.seq != least {
				r.Fatalf("first is %v, %v, want %d", a, ok, least)
			}
			if ok {
				out = append(out, a.seq)
				q.drop()
			}
		}
		if rest := len(q.list) - q.head; rest+len(out) != len(in) {
			r.Fatalf("%d added, %d removed, %d left", len(in), len(out), rest)
		}
	})
}
