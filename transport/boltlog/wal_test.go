package boltlog

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"go.etcd.io/bbolt"
)

// TestAppendWaitsForNoTransaction: appends and reads go on while a transaction of the checkpointer is open.
func TestAppendWaitsForNoTransaction(t *testing.T) {
	log := openInside(t, Options{})
	mustAppend(t, log, message("a", 1))
	err := log.db.Update(func(*bbolt.Tx) error {
		for n := range 3 {
			if got := mustAppend(t, log, message("a", n+2))[0]; got.Seq != uint64(n+2) {
				t.Errorf("receipt %+v, want seq %d", got, n+2)
			}
		}
		if p := pageOf(t, log, "a"); p.Seq != 4 || len(p.Entries) != 4 {
			t.Errorf("page %+v, want four entries", p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// oldFile makes a file of the old format, as a killed process would have left it: one message moved, and
// two batches in its wal, the second in two parts.
func oldFile(t *testing.T, dir string) {
	t.Helper()
	records := func(n int) []*record {
		w := message("a", n)
		r := &record{seq: uint64(n), kind: w.Kind, id: w.ID, target: w.ID, at: 7, room: "a", key: hashKey("a", w.Key)}
		s := stagedBatch{at: 7}
		if _, err := s.decide(nil, &w, r); err != nil {
			t.Fatal(err)
		}
		return []*record{r}
	}
	log, err := Open(Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, log, message("a", 1))
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"chat-1.wal", "chat-2.wal"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucket(oldWAL)
		for i := range 2 {
			batch := encodeBatch(make([]byte, 4), records(i+2))
			binary.LittleEndian.PutUint32(batch, crc32.Checksum(batch[4:], crcTable))
			half := len(batch) / (i + 1)
			err = errors.Join(err, bucket.Put(entryKey(uint64(i+8), 0), batch[:half]))
			if half < len(batch) {
				err = errors.Join(err, bucket.Put(entryKey(uint64(i+8), 1), batch[half:]))
			}
		}
		meta := tx.Bucket(metaBucket)
		return errors.Join(err, meta.Put(formatKey, []byte(oldFormat)), meta.Delete(movedKey))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestOldFormat: a file of the old format opens with all that it holds, and is one of today's from then on.
func TestOldFormat(t *testing.T) {
	dir := t.TempDir()
	oldFile(t, dir)
	for round := range 2 {
		log, err := Open(Options{Path: dir, IdempotencyWindow: 100 * 365 * 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if p := pageOf(t, log, "a"); p.Seq != uint64(3+round) || len(p.Entries) != 3+round || p.Entries[2].Message.Text != "text" {
			t.Fatalf("page %+v", p)
		}
		if got := mustAppend(t, log, message("a", 3))[0]; got.Seq != 3 || !got.Duplicate {
			t.Fatalf("a retry of what the old file held: %+v", got)
		}
		mustAppend(t, log, message("a", 4+round))
		err = log.db.View(func(tx *bbolt.Tx) error {
			if got := tx.Bucket(metaBucket).Get(formatKey); string(got) != format || tx.Bucket(oldWAL) != nil {
				t.Errorf("the format is %q", got)
			}
			return nil
		})
		if err := errors.Join(err, log.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOldFormatDamaged: a damaged batch of an old file is said, and nothing of it is lost by the attempt.
func TestOldFormatDamaged(t *testing.T) {
	dir := t.TempDir()
	oldFile(t, dir)
	change := func(flip byte) {
		db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			b := bytes.Clone(tx.Bucket(oldWAL).Get(entryKey(9, 1)))
			b[0] ^= flip
			return tx.Bucket(oldWAL).Put(entryKey(9, 1), b)
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	change(1)
	if _, err := Open(Options{Path: dir}); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("error %v, want %v", err, ErrCorrupt)
	}
	change(1)
	log, err := Open(Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if p := pageOf(t, log, "a"); p.Seq != 3 {
		t.Fatalf("page %+v", p)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestWALSaysWhatIsWrong: a write-ahead log that is damaged, or of another log, is said in a sentence with what to do.
func TestWALSaysWhatIsWrong(t *testing.T) {
	cases := map[string]struct {
		change func(t *testing.T, dir string)
		says   string
	}{
		"damaged": {func(t *testing.T, dir string) {
			path := filepath.Join(dir, "chat-1.wal")
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[64+24] ^= 1
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "without the newest messages"},
		"of another": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, fileName)); err != nil {
				t.Fatal(err)
			}
		}, "bring back the chat.db"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			log := openInside(t, Options{})
			mustAppend(t, log, message("a", 1))
			mustAppend(t, log, message("a", 2))
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(log.Path)); err != nil {
				t.Fatal(err)
			}
			c.change(t, dir)
			_, err := Open(Options{Path: dir})
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), dir) {
				t.Fatalf("error %v, want one that names %s and says %q", err, dir, c.says)
			}
		})
	}
}

// TestFreshFolderIsSmall: a node that has just begun takes little of the disk, and so does one at rest.
func TestFreshFolderIsSmall(t *testing.T) {
	log := openInside(t, Options{})
	var batch []chat.Write
	for n := range 5000 {
		batch = append(batch, message("a", n))
	}
	for i, step := range []func() error{
		func() error { return nil },
		func() error { _, err := log.Append(context.Background(), batch); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
		var size int64
		for _, name := range []string{"chat-1.wal", "chat-2.wal"} {
			info, err := os.Stat(filepath.Join(log.Path, name))
			if err != nil {
				t.Fatal(err)
			}
			size += info.Size()
		}
		if size > 3<<20 {
			t.Fatalf("step %d: the write-ahead log takes %d bytes", i, size)
		}
	}
}
