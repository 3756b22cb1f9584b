package boltlog

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/disk"

	"go.etcd.io/bbolt"
)

// TestAppendDuringTransaction: appends and reads do not wait for an open transaction of the checkpointer.
func TestAppendDuringTransaction(t *testing.T) {
	log := openInternal(t, Options{})
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

// writeOldFile creates a file of the old format as a killed process would leave it: one moved message, and two
// batches in the write-ahead log, the second one in two parts.
func writeOldFile(t *testing.T, dir string) {
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
		bucket, err := tx.CreateBucket(oldWALBucket)
		for i := range 2 {
			batch := encodeBatch(make([]byte, 4), records(i+2))
			binary.LittleEndian.PutUint32(batch, disk.Checksum(batch[4:]))
			half := len(batch) / (i + 1)
			err = errors.Join(err, bucket.Put(entryKey(uint64(i+8), 0), batch[:half]))
			if half < len(batch) {
				err = errors.Join(err, bucket.Put(entryKey(uint64(i+8), 1), batch[half:]))
			}
		}
		meta := tx.Bucket(boltfile.MetaBucket)
		return errors.Join(err, meta.Put(boltfile.FormatKey, []byte(oldFormat)), meta.Delete(movedKey))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestMigrate: a file of the old format opens with all its entries, and then has the new format.
func TestMigrate(t *testing.T) {
	dir := t.TempDir()
	writeOldFile(t, dir)
	for round := range 2 {
		log, err := Open(Options{Path: dir, IdempotencyWindow: 100 * 365 * 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if p := pageOf(t, log, "a"); p.Seq != uint64(3+round) || len(p.Entries) != 3+round || p.Entries[2].Message.Text != "text" {
			t.Fatalf("wrong page %+v", p)
		}
		if got := mustAppend(t, log, message("a", 3))[0]; got.Seq != 3 || !got.Duplicate {
			t.Fatalf("retry of a write in the old file: %+v, want a duplicate", got)
		}
		mustAppend(t, log, message("a", 4+round))
		err = log.db.View(func(tx *bbolt.Tx) error {
			if got := tx.Bucket(boltfile.MetaBucket).Get(boltfile.FormatKey); string(got) != format || tx.Bucket(oldWALBucket) != nil {
				t.Errorf("format %q", got)
			}
			return nil
		})
		if err := errors.Join(err, log.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMigrateDamaged: a damaged batch in an old file is an error, and Open changes nothing in this file.
func TestMigrateDamaged(t *testing.T) {
	dir := t.TempDir()
	writeOldFile(t, dir)
	change := func(flip byte) {
		db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			b := bytes.Clone(tx.Bucket(oldWALBucket).Get(entryKey(9, 1)))
			b[0] ^= flip
			return tx.Bucket(oldWALBucket).Put(entryKey(9, 1), b)
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	change(1)
	if _, err := Open(Options{Path: dir}); !errors.Is(err, boltfile.ErrCorrupt) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("error %v, want %v", err, boltfile.ErrCorrupt)
	}
	change(1)
	log, err := Open(Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if p := pageOf(t, log, "a"); p.Seq != 3 {
		t.Fatalf("wrong page %+v", p)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestOpenWALErrors: the error for a damaged or foreign write-ahead log contains the path and the remedy.
func TestOpenWALErrors(t *testing.T) {
	cases := map[string]struct {
		change func(t *testing.T, dir string)
		text   string
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
		"of another log": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, fileName)); err != nil {
				t.Fatal(err)
			}
		}, "restore the chat.db"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			log := openInternal(t, Options{})
			mustAppend(t, log, message("a", 1))
			mustAppend(t, log, message("a", 2))
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(log.Path)); err != nil {
				t.Fatal(err)
			}
			c.change(t, dir)
			_, err := Open(Options{Path: dir})
			if err == nil || !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), dir) {
				t.Fatalf("error %v, want one with %s and %q", err, dir, c.text)
			}
		})
	}
}

// TestWALSize: the write-ahead log is small in a new folder and when idle.
func TestWALSize(t *testing.T) {
	log := openInternal(t, Options{})
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
			t.Fatalf("step %d: the write-ahead log has %d bytes", i, size)
		}
	}
}
