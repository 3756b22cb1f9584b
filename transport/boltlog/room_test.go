package boltlog

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
	"go.etcd.io/bbolt"
)

// TestMovedKeepsWhatIsNewer: moving a message to the file does not forget the edit of it that is
// still in the tail, for the file would show the old text.
func TestMovedKeepsWhatIsNewer(t *testing.T) {
	r := &room{roomMeta: roomMeta{first: 1}}
	r.add(&record{seq: 1, kind: chat.EntryMessage, id: "m", target: "m", msg: &wire.Message{ID: "m", Text: "old"}})
	r.add(&record{seq: 2, kind: chat.EntryEdit, id: "e", target: "m", msg: &wire.Message{ID: "m", Text: "new"}})
	r.moved(1)
	if now := r.live["m"].msg; now == nil || now.Text != "new" || r.tailFirst() != 2 || len(r.tail) != 1 {
		t.Fatalf("the message stands as %+v, the tail begins at %d and holds %d", now, r.tailFirst(), len(r.tail))
	}
	r.moved(2)
	if r.live != nil || r.tail != nil || r.tailFirst() != 3 {
		t.Fatalf("memory still holds %+v", r)
	}
}

// TestTrimmingForgetsIDs: the file holds as many ids as messages, however many came and went.
func TestTrimmingForgetsIDs(t *testing.T) {
	log := openInside(t, Options{HistorySize: 50})
	for n := range 10 {
		var batch []chat.Write
		for i := range 100 {
			w := message("a", n*100+i)
			batch = append(batch, w, chat.Write{Room: "a", Kind: chat.EntryEdit, ID: "e" + w.ID, Key: "e" + w.ID, Target: w.ID, Text: "new", Author: w.Author})
		}
		mustAppend(t, log, batch...)
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
	}
	var ids, entries int
	err := log.db.View(func(tx *bbolt.Tx) error {
		ids, entries = tx.Bucket(idsBucket).Stats().KeyN, tx.Bucket(logBucket).Stats().KeyN
		return nil
	})
	if err != nil || entries < 50 || entries > 55 || ids > entries {
		t.Fatalf("the file holds %d ids and %d entries, error %v; want 50 to 55 entries and no more ids", ids, entries, err)
	}
}
