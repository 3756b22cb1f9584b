package actors

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// countingLog counts how many entries are read of it.
type countingLog struct {
	Reader
	entries int
}

func (l *countingLog) Range(ctx context.Context, q Query) (Page, error) {
	p, err := l.Reader.Range(ctx, q)
	l.entries += len(p.Entries)
	return p, err
}

func (x *writeIndex) lookUp(t testing.TB, log Reader, writes []Write) map[string]Receipt {
	t.Helper()
	rooms := roomsOf(writes)
	x.begin(rooms)
	for _, r := range rooms {
		for {
			done, err := x.walk(context.Background(), log, r)
			if err != nil {
				t.Fatal(err)
			}
			if done {
				break
			}
		}
	}
	return x.found(writes)
}

// fillLog appends n messages to a room whose ids say that they were written at the position before them.
func (b *fakeBus) fillLog(t testing.TB, room string, n int) {
	t.Helper()
	for range n {
		at := uint64(len(b.logs[room]))
		if _, err := b.Append(context.Background(), []Write{{Room: room, Kind: KindMessage, ID: idAt(at, "a", int(at)), Key: fmt.Sprint(b.epoch, at)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func idAt(hint uint64, node string, n int) string {
	return strconv.FormatUint(hint, 36) + "-" + node + strconv.Itoa(n)
}

// INV-3: whatever is asked in which order, the index finds exactly those writes that the log holds, under
// whichever position other nodes have given them, also in a log that has begun anew in between.
func TestIndexFindsWhatTheLogHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		bus := newFakeBus()
		bus.fillLog(t, "a", rapid.IntRange(1, 1200).Draw(r, "log"))
		x := &writeIndex{most: indexMost}
		for range rapid.IntRange(1, 6).Draw(r, "pages") {
			if rapid.IntRange(0, 5).Draw(r, "anew") == 0 {
				bus.epoch, bus.logs["a"] = bus.epoch+"'", nil
			}
			bus.fillLog(t, "a", rapid.IntRange(0, 700).Draw(r, "more"))
			var page []Write
			for range rapid.IntRange(1, 5).Draw(r, "writes") {
				n := rapid.Uint64Range(0, uint64(len(bus.logs["a"]))+20).Draw(r, "n")
				hint := rapid.Uint64Range(0, n+20).Draw(r, "hint") // tried elsewhere earlier or later, or here
				w := Write{Room: "a", ID: idAt(hint, "a", int(n)), Floor: Floor{bus.epoch, hint}}
				if rapid.IntRange(0, 3).Draw(r, "of old") == 0 {
					w.Floor.Epoch = "e0"
				}
				page = append(page, w)
			}
			found := x.lookUp(t, bus, page)
			for _, w := range page {
				_, write := hintOf(w.ID)
				want := uint64(0)
				for _, e := range bus.logs["a"] {
					if _, other := hintOf(e.ID); other == write {
						want = e.Seq
					}
				}
				if got := found[w.ID]; got.Seq != want || want > 0 && got.Epoch != bus.epoch {
					r.Fatalf("%s is at %d of %s, found at %+v", w.ID, want, bus.epoch, got)
				}
			}
		}
	})
}

// A journal of many pages costs one walk through the log, not one a page.
func TestIndexReadsEveryEntryOnce(t *testing.T) {
	bus := newFakeBus()
	bus.fillLog(t, "a", 3000)
	log, x := &countingLog{Reader: bus}, &writeIndex{most: indexMost}
	const pages = 20
	for n := range pages {
		bus.fillLog(t, "a", 10)
		var page []Write
		for i := range 256 {
			page = append(page, Write{Room: "a", ID: idAt(100, "z", 256*n+i), Floor: Floor{bus.epoch, 100}})
		}
		if found := x.lookUp(t, log, page); len(found) != 0 {
			t.Fatalf("found %v", found)
		}
	}
	if want := 3000 + 10*pages; log.entries != want {
		t.Fatalf("%d entries read for %d pages, want %d", log.entries, pages, want)
	}
}

// An index that has grown too large is forgotten.
func TestIndexBeginsAnew(t *testing.T) {
	bus := newFakeBus()
	bus.fillLog(t, "a", 100)
	x := &writeIndex{most: indexMost}
	x.lookUp(t, bus, []Write{{Room: "a", ID: idAt(90, "a", 95), Floor: Floor{bus.epoch, 90}}})
	x.most = 50
	x.begin(nil)
	if len(x.rooms) != 0 {
		t.Fatal("an index that is too large is kept")
	}
}
