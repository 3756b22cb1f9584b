package boltlog

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/wal"
)

// A faulty file fails when it is told to.
type faulty struct {
	wal.File
	*fault
}

// A fault is what the next write or fsync of any file does.
type fault struct {
	short  int   // bytes that a write writes before it fails; negative: none fails
	write  error // of the next write; nil: it succeeds
	sync   error // of the next fsync
	always bool  // not only the next
}

func (f *fault) take(err *error) error {
	got := *err
	if !f.always {
		*err = nil
	}
	return got
}

func (f faulty) WriteAt(b []byte, off int64) (int, error) {
	if err := f.take(&f.write); err != nil {
		n, wrote := f.File.WriteAt(b[:min(f.short, len(b))], off)
		return n, errors.Join(err, wrote)
	}
	return f.File.WriteAt(b, off)
}

func (f faulty) Sync() error {
	if err := f.take(&f.sync); err != nil {
		return err
	}
	return f.File.Sync()
}

// openFaulty opens a log whose write-ahead log may be made to fail.
func openFaulty(t *testing.T, f *fault) *Log {
	t.Helper()
	return openInside(t, Options{wrap: func(file wal.File) wal.File { return faulty{file, f} }})
}

var failures = map[string]fault{
	"nothing written":              {write: syscall.EIO},
	"a part written":               {write: syscall.ENOSPC, short: 30},
	"all written, and still fails": {write: syscall.EIO, short: 1 << 20},
	"written, not synced":          {sync: syscall.EIO},
}

// TestFailedCommit: whatever a commit that failed has left in the file, trying again stores and
// delivers the write once, seq has no gap, and the log opens with just that.
func TestFailedCommit(t *testing.T) {
	for name, how := range failures {
		t.Run(name, func(t *testing.T) {
			var f fault
			log := openFaulty(t, &f)
			var heard []chat.Delivered
			log.OnCommit(func(events []chat.Delivered) { heard = append(heard, events...) })
			mustAppend(t, log, message("a", 1))
			f = how
			if _, err := log.Append(context.Background(), []chat.Write{message("a", 2), message("b", 1)}); !errors.Is(err, how.write) && !errors.Is(err, how.sync) {
				t.Fatalf("the append's error is %v", err)
			}
			if p := pageOf(t, log, "a"); p.Seq != 1 || len(heard) != 1 {
				t.Fatalf("after a failed append the room is at %d, and %d entries were heard", p.Seq, len(heard))
			}
			got := mustAppend(t, log, message("a", 2), message("a", 3))
			if got[0].Seq != 2 || got[0].Duplicate || got[1].Seq != 3 {
				t.Fatalf("receipts %+v, want seq 2 and 3, no duplicate", got)
			}
			for i, d := range heard {
				if len(heard) != 3 || d.Entry.Seq != uint64(i+1) {
					t.Fatalf("heard %+v, want seq 1 to 3", heard)
				}
			}
			again := killed(t, log)
			if p := pageOf(t, again, "a"); p.Seq != 3 || len(p.Entries) != 3 || pageOf(t, again, "b").Seq != 0 {
				t.Fatalf("after a kill the room holds %+v", p)
			}
		})
	}
}

// TestDoubtComesFirst: while a failed commit cannot be settled nothing is accepted; a process that is
// killed then starts with the write stored once or not at all, and a retry finds out which.
func TestDoubtComesFirst(t *testing.T) {
	for name, how := range failures {
		t.Run(name, func(t *testing.T) {
			var f fault
			log := openFaulty(t, &f)
			mustAppend(t, log, message("a", 1))
			f = how
			f.always = true
			for n := range 3 {
				if _, err := log.Append(context.Background(), []chat.Write{message("a", 2+n)}); err == nil {
					t.Fatalf("append %d after a failure that stays was accepted", n)
				}
				if err := log.Checkpoint(); err == nil {
					t.Fatal("a checkpoint settled what cannot be settled")
				}
			}
			f = fault{}
			again := killed(t, log)
			seq := pageOf(t, again, "a").Seq
			if got := mustAppend(t, again, message("a", 2)); got[0].Seq != 2 || got[0].Duplicate != (seq == 2) {
				t.Fatalf("the retry's receipt is %+v, the room was at %d", got[0], seq)
			}
			if got := mustAppend(t, again, message("a", 3)); got[0].Seq != 3 || got[0].Duplicate {
				t.Fatalf("the next receipt is %+v, want seq 3", got[0])
			}
		})
	}
}
