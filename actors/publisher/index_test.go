package publisher

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
)

// countingLog counts the entries that are read.
type countingLog struct {
	chat.Reader
	entries int
}

func (l *countingLog) Range(ctx context.Context, q chat.Query) (chat.Page, error) {
	p, err := l.Reader.Range(ctx, q)
	l.entries += len(p.Entries)
	return p, err
}

func (x *writeIndex) lookUp(t testing.TB, log chat.Reader, writes []chat.Write) map[string]chat.Receipt {
	t.Helper()
	rooms := roomsOf(writes)
	x.begin(rooms)
	for _, r := range rooms {
		for {
			done, err := x.readPage(context.Background(), log, r)
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

// INV-3: the index finds exactly the writes that the log contains, in any order of requests, at the positions that
// other nodes have chosen, and also after a reset of the log.
func TestIndexFindsWhatTheLogHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		bus := actorstest.NewFakeBus()
		bus.FillLog(t, "a", rapid.IntRange(1, 1200).Draw(r, "log"))
		x := &writeIndex{most: maxIndexEntries}
		for range rapid.IntRange(1, 6).Draw(r, "pages") {
			if rapid.IntRange(0, 5).Draw(r, "reset") == 0 {
				bus.Epoch, bus.Logs["a"] = bus.Epoch+"'", nil
			}
			bus.FillLog(t, "a", rapid.IntRange(0, 700).Draw(r, "more"))
			var page []chat.Write
			for range rapid.IntRange(1, 5).Draw(r, "writes") {
				n := rapid.Uint64Range(0, uint64(len(bus.Logs["a"]))+20).Draw(r, "n")
				hint := rapid.Uint64Range(0, n+20).Draw(r, "hint") // tried elsewhere earlier or later, or here
				w := chat.Write{Room: "a", ID: actorstest.IDAt(hint, "a", int(n)), Floor: chat.Floor{Epoch: bus.Epoch, Seq: hint}}
				if rapid.IntRange(0, 3).Draw(r, "old epoch") == 0 {
					w.Floor.Epoch = "e0"
				}
				page = append(page, w)
			}
			found := x.lookUp(t, bus, page)
			for _, w := range page {
				_, write := chat.SplitID(w.ID)
				want := uint64(0)
				for _, e := range bus.Logs["a"] {
					if _, other := chat.SplitID(e.ID); other == write {
						want = e.Seq
					}
				}
				if got := found[w.ID]; got.Seq != want || want > 0 && got.Epoch != bus.Epoch {
					r.Fatalf("%s is at %d of %s, found at %+v", w.ID, want, bus.Epoch, got)
				}
			}
		}
	})
}

// The log is read once for all pages of the journal.
func TestIndexReadsEveryEntryOnce(t *testing.T) {
	bus := actorstest.NewFakeBus()
	bus.FillLog(t, "a", 3000)
	log, x := &countingLog{Reader: bus}, &writeIndex{most: maxIndexEntries}
	const pages = 20
	for n := range pages {
		bus.FillLog(t, "a", 10)
		var page []chat.Write
		for i := range 256 {
			page = append(page, chat.Write{Room: "a", ID: actorstest.IDAt(100, "z", 256*n+i), Floor: chat.Floor{Epoch: bus.Epoch, Seq: 100}})
		}
		if found := x.lookUp(t, log, page); len(found) != 0 {
			t.Fatalf("found %v", found)
		}
	}
	if want := 3000 + 10*pages; log.entries != want {
		t.Fatalf("%d entries read for %d pages, want %d", log.entries, pages, want)
	}
}

func TestLargeIndexIsCleared(t *testing.T) {
	bus := actorstest.NewFakeBus()
	bus.FillLog(t, "a", 100)
	x := &writeIndex{most: maxIndexEntries}
	x.lookUp(t, bus, []chat.Write{{Room: "a", ID: actorstest.IDAt(90, "a", 95), Floor: chat.Floor{Epoch: bus.Epoch, Seq: 90}}})
	x.most = 50
	x.begin(nil)
	if len(x.rooms) != 0 {
		t.Fatal("large index was not cleared")
	}
}
