package boltlog

import (
	"testing"

	"chatnode/actors"
	"go.etcd.io/bbolt"
)

// TestFailedCommit: whether a commit that failed had reached the file or not, trying again stores
// and delivers the write once, and seq has no gap.
func TestFailedCommit(t *testing.T) {
	for name, landed := range map[string]bool{"reached the file": true, "did not reach it": false} {
		t.Run(name, func(t *testing.T) {
			log := openInside(t, Options{})
			var heard []actors.Delivered
			log.OnCommit(func(events []actors.Delivered) { heard = append(heard, events...) })
			mustAppend(t, log, message("a", 1))
			failCommit(t, log, message("a", 2), landed)
			got := mustAppend(t, log, message("a", 2), message("a", 3))
			if got[0].Seq != 2 || got[0].Duplicate != landed || got[1].Seq != 3 {
				t.Fatalf("receipts %+v, want seq 2 and 3, duplicate %t", got, landed)
			}
			if len(heard) != 3 {
				t.Fatalf("heard %+v, want three entries", heard)
			}
			for i, d := range heard {
				if d.Entry.Seq != uint64(i+1) {
					t.Fatalf("heard %+v, want seq 1 to 3", heard)
				}
			}
		})
	}
}

// failCommit does what commit does when bbolt reports a failure after, or before, the last write.
func failCommit(t *testing.T, log *Log, w actors.Write, landed bool) {
	t.Helper()
	log.writer.Lock()
	defer log.writer.Unlock()
	s, err := log.stage([]actors.Write{w})
	if err != nil {
		t.Fatal(err)
	}
	log.doubt = &group{key: log.next, records: s.records, parts: 1}
	log.next++
	if !landed {
		return
	}
	err = log.db.Update(func(tx *bbolt.Tx) error {
		return putParts(tx.Bucket(walBucket), log.doubt.key, encodeBatch(nil, s.records))
	})
	if err != nil {
		t.Fatal(err)
	}
}
