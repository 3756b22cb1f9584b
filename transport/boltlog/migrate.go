package boltlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// oldFormat is that of files whose write-ahead log is a bucket of their own: number of the batch and of the
// part -> a part of the batch, whose first part begins with a checksum of the rest.
const oldFormat = "chatnode-log-1"

var (
	oldWAL   = []byte("wal")
	crcTable = crc32.MakeTable(crc32.Castagnoli)
)

// migrate makes a file of today's format of one of the old format. A process that is killed
// meanwhile does it again from the beginning, which does no harm; an older chatnode refuses the file
// afterwards, for it would not see what is in the new write-ahead log.
func (l *Log) migrate() error {
	old := false
	err := l.db.View(func(tx *bbolt.Tx) error {
		if old = string(tx.Bucket(metaBucket).Get(formatKey)) == oldFormat; !old || tx.Bucket(oldWAL) == nil {
			return nil
		}
		return l.replayOld(tx.Bucket(oldWAL))
	})
	if err != nil || !old {
		return err
	}
	if err := l.runRound(nil); err != nil {
		return err
	}
	return l.db.Update(func(tx *bbolt.Tx) error {
		if err := tx.DeleteBucket(oldWAL); err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
			return fmt.Errorf("remove the old write-ahead log: %w", err)
		}
		return tx.Bucket(metaBucket).Put(formatKey, []byte(format))
	})
}

// replayOld takes the batches of the bucket into memory, under new numbers.
func (l *Log) replayOld(bucket *bbolt.Bucket) error {
	number, batch := l.moved, []byte(nil)
	end := func() error {
		if len(batch) == 0 {
			return nil
		}
		number++
		if len(batch) < 4 || crc32.Checksum(batch[4:], crcTable) != binary.LittleEndian.Uint32(batch) {
			return fmt.Errorf("old write-ahead log: %w", ErrDamaged)
		}
		return l.replay(number, batch[4:])
	}
	err := bucket.ForEach(func(k, v []byte) error {
		if len(k) != 16 {
			return fmt.Errorf("old write-ahead log: key %x: %w", k, ErrDamaged)
		}
		if binary.BigEndian.Uint64(k[8:]) == 0 { // the first part of the next batch
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
