package boltlog

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/wal"
)

// faultyFile fails if nextFault says so.
type faultyFile struct {
	wal.File
	*nextFault
}

// nextFault is the fault of the next write or fsync of all files.
type nextFault struct {
	partial int   // bytes written before the write fails
	write   error // error of the next write; nil: it succeeds
	sync    error // error of the next fsync; nil: it succeeds
	always  bool  // the fault is permanent
}

func (f *nextFault) next(err *error) error {
	got := *err
	if !f.always {
		*err = nil
	}
	return got
}

func (f faultyFile) WriteAt(b []byte, off int64) (int, error) {
	if err := f.next(&f.write); err != nil {
		n, wrote := f.File.WriteAt(b[:min(f.partial, len(b))], off)
		return n, errors.Join(err, wrote)
	}
	return f.File.WriteAt(b, off)
}

func (f faultyFile) Sync() error {
	if err := f.next(&f.sync); err != nil {
		return err
	}
	return f.File.Sync()
}

// openFaulty opens a log with a faulty write-ahead log.
func openFaulty(t *testing.T, f *nextFault) *Log {
	t.Helper()
	return openInternal(t, Options{wrap: func(file wal.File) wal.File { return faultyFile{file, f} }})
}

var commitFaults = map[string]nextFault{
	"nothing written":       {write: syscall.EIO},
	"partly written":        {write: syscall.ENOSPC, partial: 30},
	"written, write failed": {write: syscall.EIO, partial: 1 << 20},
	"written, sync failed":  {sync: syscall.EIO},
}

// TestFailedCommit: after a failed commit that was written in part or as a whole, a retry stores and delivers the
// write once, without a gap. A new process finds the same entries.
func TestFailedCommit(t *testing.T) {
	for name, failure := range commitFaults {
		t.Run(name, func(t *testing.T) {
			var f nextFault
			log := openFaulty(t, &f)
			var delivered []chat.Delivered
			log.OnCommit(func(events []chat.Delivered) { delivered = append(delivered, events...) })
			mustAppend(t, log, message("a", 1))
			f = failure
			if _, err := log.Append(context.Background(), []chat.Write{message("a", 2), message("b", 1)}); !errors.Is(err, failure.write) && !errors.Is(err, failure.sync) {
				t.Fatalf("Append: error %v, want that of the file", err)
			}
			if p := pageOf(t, log, "a"); p.Seq != 1 || len(delivered) != 1 {
				t.Fatalf("after a failed append the room is at seq %d with %d deliveries, want 1 and 1", p.Seq, len(delivered))
			}
			got := mustAppend(t, log, message("a", 2), message("a", 3))
			if got[0].Seq != 2 || got[0].Duplicate || got[1].Seq != 3 {
				t.Fatalf("receipts %+v, want seq 2 and 3 and no duplicate", got)
			}
			for i, d := range delivered {
				if len(delivered) != 3 || d.Entry.Seq != uint64(i+1) {
					t.Fatalf("deliveries %+v, want seq 1 to 3", delivered)
				}
			}
			again := reopenCopy(t, log)
			if p := pageOf(t, again, "a"); p.Seq != 3 || len(p.Entries) != 3 || pageOf(t, again, "b").Seq != 0 {
				t.Fatalf("after a kill the page is %+v, want seq 1 to 3", p)
			}
		})
	}
}

// TestUnresolvedCommitBlocksAppend: while a failed commit cannot be removed from the file, Append and Checkpoint
// fail. After a kill, the write is stored once or not at all, and a retry is a duplicate or not, accordingly.
func TestUnresolvedCommitBlocksAppend(t *testing.T) {
	for name, failure := range commitFaults {
		t.Run(name, func(t *testing.T) {
			var f nextFault
			log := openFaulty(t, &f)
			mustAppend(t, log, message("a", 1))
			f = failure
			f.always = true
			for n := range 3 {
				if _, err := log.Append(context.Background(), []chat.Write{message("a", 2+n)}); err == nil {
					t.Fatalf("append %d succeeded with an unresolved commit", n)
				}
				if err := log.Checkpoint(); err == nil {
					t.Fatal("a checkpoint succeeded with an unresolved commit")
				}
			}
			f = nextFault{}
			again := reopenCopy(t, log)
			seq := pageOf(t, again, "a").Seq
			if got := mustAppend(t, again, message("a", 2)); got[0].Seq != 2 || got[0].Duplicate != (seq == 2) {
				t.Fatalf("receipt of the retry %+v, with the room at seq %d", got[0], seq)
			}
			if got := mustAppend(t, again, message("a", 3)); got[0].Seq != 3 || got[0].Duplicate {
				t.Fatalf("receipt %+v, want seq 3 and no duplicate", got[0])
			}
		})
	}
}
