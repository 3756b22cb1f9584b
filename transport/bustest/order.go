package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
)

var orderRows = []row{
	{"an empty room has an epoch and no entries", emptyRoom},
	{"seq is consecutive from 1 within an epoch", consecutive},
	{"a batch writes to many rooms, each with its own seq", manyRooms},
	{"the order of a batch is kept", batchOrder},
	{"the position survives reopening", positionAfterReopen},
	{"At is the time of the log in ms and never decreases", clock},
}

func emptyRoom(t *testing.T, r *rig) {
	p := r.page(t, chat.Query{Room: "empty", Limit: 10})
	if p.Epoch == "" || p.Seq != 0 || p.First != 1 || len(p.Entries) != 0 || p.More {
		t.Fatalf("page of an empty room: %+v", p)
	}
	if got := r.mustStore(t, r.message("empty", alice, "first")); got.Epoch != p.Epoch || got.Seq != 1 {
		t.Fatalf("first receipt %+v, want seq 1 in epoch %q", got, p.Epoch)
	}
}

func consecutive(t *testing.T, r *rig) {
	epoch := ""
	for want := uint64(1); want <= 50; want++ {
		got := r.mustStore(t, r.message("a", alice, "text"))
		if epoch == "" {
			epoch = got.Epoch
		}
		if got.Seq != want || got.Epoch != epoch {
			t.Fatalf("receipt %+v, want seq %d in epoch %q", got, want, epoch)
		}
	}
	if p := r.page(t, chat.Query{Room: "a", Limit: 1}); p.Seq != 50 || p.Epoch != epoch {
		t.Fatalf("page %+v, want seq 50 in epoch %q", p, epoch)
	}
}

func manyRooms(t *testing.T, r *rig) {
	const rooms, each = 20, 4
	var batch []chat.Write
	for i := range rooms * each {
		batch = append(batch, r.message(fmt.Sprintf("room-%d", i%rooms), alice, fmt.Sprint(i)))
	}
	for i, got := range r.append(t, batch...) {
		if want := uint64(i/rooms + 1); got.Seq != want || got.ID != batch[i].ID {
			t.Fatalf("receipt %d: %+v, want seq %d and id %s", i, got, want, batch[i].ID)
		}
	}
	for i := range rooms {
		entries := r.all(t, fmt.Sprintf("room-%d", i))
		if len(entries) != each {
			t.Fatalf("room %d has %d entries, want %d", i, len(entries), each)
		}
		for n, e := range entries {
			if want := fmt.Sprint(n*rooms + i); e.Message.Text != want || e.Seq != uint64(n+1) {
				t.Fatalf("room %d entry %d: %+v, want text %s", i, n, e, want)
			}
		}
	}
}

func batchOrder(t *testing.T, r *rig) {
	first := r.message("a", alice, "one")
	batch := []chat.Write{
		first, r.edit("a", alice, first.ID, "two"), r.deletion("a", alice, first.ID),
		r.edit("a", alice, first.ID, "three"), r.message("a", bob, "last"),
	}
	got := r.append(t, batch...)
	for i, want := range []uint64{1, 2, 3, 0, 4} {
		if got[i].Seq != want {
			t.Fatalf("receipt %d: %+v, want seq %d", i, got[i], want)
		}
	}
	equal(t, "the edit after the deletion", got[3].Refused, chat.RefusedNotFound)
}

func positionAfterReopen(t *testing.T, r *rig) {
	first := r.mustStore(t, r.message("a", alice, "before"))
	before := r.all(t, "a")
	r.reopen(t)
	equal(t, "history after reopening", r.all(t, "a"), before)
	if got := r.mustStore(t, r.message("a", alice, "after")); got.Seq != 2 || got.Epoch != first.Epoch {
		t.Fatalf("receipt after reopening %+v, want seq 2 in epoch %q", got, first.Epoch)
	}
}

func clock(t *testing.T, r *rig) {
	const jan2020 = 1577836800000
	last := int64(jan2020)
	for range 10 {
		got := r.mustStore(t, r.message("a", alice, "text"))
		if got.At < last {
			t.Fatalf("At is %d after %d", got.At, last)
		}
		last = got.At
		entries := r.all(t, "a")
		equal(t, "At in the log", entries[len(entries)-1].Message.At, got.At)
	}
}
