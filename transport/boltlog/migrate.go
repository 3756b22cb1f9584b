package boltlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"chatnode/transport/boltfile"
	"chatnode/transport/disk"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// oldFormat is the format of files with the write-ahead log in a bucket. Its keys are the numbers of the batch and of
// the part. The first part of a batch starts with a checksum of the rest.
const oldFormat = "chatnode-log-1"

var oldWALBucket = []byte("wal")

// migrate converts a file of the old format. After a kill it starts again from the beginning, which does no harm.
// Older versions of chatnode reject the converted file, because they would ignore the new write-ahead log.
func (l *Log) migrate() error {
	old := false
	err := l.db.View(func(tx *bbolt.Tx) error {
		if old = string(tx.Bucket(boltfile.MetaBucket).Get(boltfile.FormatKey)) == oldFormat; !old || tx.Bucket(oldWALBucket) == nil {
			return nil
		}
		return l.replayOld(tx.Bucket(oldWALBucket))
	})
	if err != nil || !old {
		return err
	}
	if err := l.runRound(nil); err != nil {
		return err
	}
	return l.db.Update(func(tx *bbolt.Tx) error {
		if err := tx.DeleteBucket(oldWALBucket); err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
			return fmt.Errorf("remove old write-ahead log: %w", err)
		}
		return tx.Bucket(boltfile.MetaBucket).Put(boltfile.FormatKey, []byte(format))
	})
}

// replayOld loads the batches of the bucket into memory, with new numbers.
func (l *Log) replayOld(bucket *bbolt.Bucket) error {
	number, batch := l.movedUpTo, []byte(nil)
	end := func() error {
		if len(batch) == 0 {
			return nil
		}
		number++
		if len(batch) < 4 || disk.Checksum(batch[4:]) != binary.LittleEndian.Uint32(batch) {
			return fmt.Errorf("old write-ahead log: %w", boltfile.ErrDamaged)
		}
		return l.replay(number, batch[4:])
	}
	err := bucket.ForEach(func(k, v []byte) error {
		if len(k) != 16 {
			return fmt.Errorf("old write-ahead log: key %x: %w", k, boltfile.ErrDamaged)
		}
		if binary.BigEndian.Uint64(k[8:]) == 0 { // first part of the next batch
			if err := end(); err != nil {
				return err
			}
			batch = nil
		}
		batch = append(batch, v...)
		return nil
	})
	if err != nil {
		return err
	}
	return end()
}
