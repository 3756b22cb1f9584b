package ledger

import (
	"testing"

	"pgregory.net/rapid"
)

const rooms = 3

func roomOf(k uint64) int { return int(k % rooms) }

// perfect returns a ledger of n messages without faults.
func perfect(n uint64) *Ledger {
	l := New(n)
	for k := range n {
		l.Sent(k)
		l.Acked(k, At(1, k/rooms+1))
		l.Shown(k, At(1, k/rooms+1))
	}
	return l
}

func TestAuditAcceptsPerfectRun(t *testing.T) {
	const n = 100
	if got, want := perfect(n).Check(roomOf), (Audit{Sent: n, Acked: n}); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestAuditCountsPlantedFaults(t *testing.T) {
	plants := []struct {
		name  string
		plant func(l *Ledger, k uint64)
		want  Audit // in addition to 100 sent and acknowledged
	}{
		{"acknowledged and shown to nobody", func(l *Ledger, k uint64) {
			l.flags[k].And(^uint32(shown))
		}, Audit{Lost: 1}},
		{"shown at a second place to one reader", func(l *Ledger, k uint64) {
			l.Shown(k, At(1, 1000))
		}, Audit{Doubled: 1}},
		{"shown at a second place to many readers", func(l *Ledger, k uint64) {
			l.Shown(k, At(1, 1000))
			l.Shown(k, At(1, 1000))
			l.Shown(k, At(1, 1001))
		}, Audit{Doubled: 1}},
		{"acknowledged with another place than shown", func(l *Ledger, k uint64) {
			l.Acked(k, At(1, 1000))
		}, Audit{Doubled: 1}},
		{"two messages at one place", func(l *Ledger, k uint64) {
			l.places[k].Store(l.places[(k+rooms)%99].Load())
		}, Audit{Clashes: 1}},
		{"stored anew in another epoch, which is no fault", func(l *Ledger, k uint64) {
			l.Shown(k, At(2, 7))
			l.Acked(k, At(1, k/rooms+1))
		}, Audit{}},
		{"acknowledged and shown without a place, which is no fault", func(l *Ledger, k uint64) {
			l.Acked(k, 0)
			l.Shown(k, 0)
		}, Audit{}},
		{"numbers that are not of this run", func(l *Ledger, k uint64) {
			l.Acked(k+1000, At(1, 1))
			l.Shown(k+1000, At(1, 1))
		}, Audit{}},
	}
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				l := perfect(100)
				p.plant(l, rapid.Uint64Range(0, 98).Draw(t, "k"))
				want := p.want
				want.Sent, want.Acked = 100, 100
				if got := l.Check(roomOf); got != want {
					t.Fatalf("%+v, not %+v", got, want)
				}
			})
		})
	}
}

func TestLedgerCountsOpen(t *testing.T) {
	l := New(3)
	for k := range uint64(3) {
		l.Sent(k)
	}
	l.Refused(0)
	l.Acked(1, 0)
	l.Acked(1, 0)
	if got := l.Open(); got != 1 {
		t.Errorf("%d open", got)
	}
	if a := l.Check(roomOf); a.Unanswered != 1 || a.Refused != 1 || a.Acked != 1 || a.Lost != 1 {
		t.Errorf("%+v", a)
	}
}

func TestPositionsAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Uint16Range(1, 65534).Draw(t, "epoch")
		a, b := rapid.Uint64Range(0, 1<<seqBits-1).Draw(t, "a"), rapid.Uint64Range(0, 1<<seqBits-1).Draw(t, "b")
		p, q := At(e, a), At(e, b)
		if (p < q) != (a < b) || At(e+1, 0) <= p || p.Seq() != a || p.Epoch() != e {
			t.Fatalf("epoch %d: %d and %d are %d and %d", e, a, b, p, q)
		}
	})
}
