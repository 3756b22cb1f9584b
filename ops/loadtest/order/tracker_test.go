package order

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// show applies the seqs to a new tracker and counts the verdicts.
func show(places []uint64) (*Tracker, map[Verdict]int) {
	t := &Tracker{}
	t.Load(0, true)
	counts := map[Verdict]int{}
	for _, p := range places {
		counts[t.Show(p)]++
	}
	return t, counts
}

func upTo(n int) []uint64 {
	places := make([]uint64, n)
	for i := range places {
		places[i] = uint64(i + 1)
	}
	return places
}

func TestTrackerAcceptsWholeOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		tr, counts := show(upTo(n))
		if counts[Next] != n || len(counts) > 1 || tr.Missing() != 0 || tr.Seq() != uint64(n) {
			t.Fatalf("%d entries: %v, %d missing, at %d", n, counts, tr.Missing(), tr.Seq())
		}
	})
}

func TestTrackerFindsLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 300).Draw(t, "n")
		// The other seqs cannot show that the last one is missing.
		gone := rapid.SliceOfNDistinct(rapid.IntRange(1, n-1), 1, n-1, rapid.ID).Draw(t, "gone")
		places := slices.DeleteFunc(upTo(n), func(p uint64) bool { return slices.Contains(gone, int(p)) })
		tr, counts := show(places)
		if tr.Missing() != uint64(len(gone)) || counts[Gap] == 0 || counts[Repeat]+counts[Late] != 0 {
			t.Fatalf("%d of %d lost: %v, %d missing", len(gone), n, counts, tr.Missing())
		}
	})
}

func TestTrackerFindsDuplicates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		first := rapid.IntRange(1, n).Draw(t, "first")
		again := rapid.IntRange(first, n).Draw(t, "again")
		tr, counts := show(slices.Insert(upTo(n), again, uint64(first)))
		if counts[Repeat] != 1 || counts[Next] != n || tr.Missing() != 0 {
			t.Fatalf("%d again after %d of %d: %v, %d missing", first, again, n, counts, tr.Missing())
		}
	})
}

func TestTrackerFindsReorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "n")
		places := rapid.Permutation(upTo(n)).Draw(t, "order")
		tr, counts := show(places)
		if slices.IsSorted(places) {
			return
		}
		if counts[Late] == 0 || counts[Gap] == 0 || counts[Repeat] != 0 || tr.Missing() != 0 {
			t.Fatalf("%v: %v, %d missing", places, counts, tr.Missing())
		}
	})
}

func TestTrackerLimitsGaps(t *testing.T) {
	var odd []uint64
	for p := uint64(1); p <= 4*maxGaps; p += 2 {
		odd = append(odd, p)
	}
	tr, _ := show(odd)
	if len(tr.gaps.open) > maxGaps || tr.Missing() != uint64(len(odd)-1) {
		t.Errorf("%d holes remembered, %d missing of %d", len(tr.gaps.open), tr.Missing(), len(odd)-1)
	}
}

func TestTrackerReloads(t *testing.T) {
	var tr Tracker
	steps := []struct {
		what string
		got  Verdict
		want Verdict
	}{
		{"live before the first history", tr.Show(1), Early},
		{"the first history", tr.Load(10, true), Next},
		{"the next place", tr.Show(11), Next},
		{"a gap", tr.Show(14), Gap},
		{"the history after a resync skips what is gone", reload(&tr, 20, false), Next},
		{"one that takes back what was shown", reload(&tr, 5, false), Back},
		{"another epoch begins at its own place", reload(&tr, 2, true), Next},
		{"and goes on from there", tr.Show(3), Next},
	}
	for _, s := range steps {
		if s.got != s.want {
			t.Errorf("%s: verdict %d, not %d", s.what, s.got, s.want)
		}
	}
	if tr.Missing() != 2 || tr.Seq() != 3 || !tr.Ready() {
		t.Errorf("%d missing at %d, ready: %v", tr.Missing(), tr.Seq(), tr.Ready())
	}
}

func reload(tr *Tracker, seq uint64, newEpoch bool) Verdict {
	tr.Reload()
	return tr.Load(seq, newEpoch)
}

func TestTrackerDoesNotAllocate(t *testing.T) {
	var tr Tracker
	tr.Load(0, true)
	if n := testing.AllocsPerRun(100, func() { tr.Show(tr.Seq() + 1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
