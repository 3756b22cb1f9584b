package boltlog

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"

	"go.etcd.io/bbolt"
)

// TestDropMovedKeepsNewerEdit: moving a message to the file keeps its newer edit in live, because the file has the
// old text.
func TestDropMovedKeepsNewerEdit(t *testing.T) {
	r := &room{roomMeta: roomMeta{first: 1}}
	r.add(&record{seq: 1, kind: chat.EntryMessage, id: "m", target: "m", msg: &wire.Message{ID: "m", Text: "old"}})
	r.add(&record{seq: 2, kind: chat.EntryEdit, id: "e", target: "m", msg: &wire.Message{ID: "m", Text: "new"}})
	r.dropMoved(1)
	if now := r.live["m"].msg; now == nil || now.Text != "new" || r.tailFirst() != 2 || len(r.tail) != 1 {
		t.Fatalf("message %+v, tail from seq %d with %d records", now, r.tailFirst(), len(r.tail))
	}
	r.dropMoved(2)
	if r.live != nil || r.tail != nil || r.tailFirst() != 3 {
		t.Fatalf("room %+v, want an empty tail", r)
	}
}

// TestTrimDeletesIDs: the file contains at most as many ids as entries, even after many messages were trimmed.
func TestTrimDeletesIDs(t *testing.T) {
	log := openInternal(t, Options{HistorySize: 50})
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
		t.Fatalf("%d ids and %d entries in the file, error %v; want 50 to 55 entries and at most as many ids", ids, entries, err)
	}
}
