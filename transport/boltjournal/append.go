package boltjournal

import (
	"fmt"

	"chatnode/actors/chat"

	"go.etcd.io/bbolt"
)

// Append makes the batch durable, in order, with one commit. If it returns an error, none of the batch is stored.
// The error wraps chat.ErrJournalFull if the batch would exceed MaxBytes, and syscall.ENOSPC if the volume is full.
// Append works again when there is space.
func (j *Journal) Append(batch []chat.Write) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.appendBatch(batch); err != nil {
		return fmt.Errorf("append %d writes to %s: %w", len(batch), j.file.Path, err)
	}
	return nil
}

func (j *Journal) appendBatch(batch []chat.Write) error {
	if err := j.ensureResolved(); err != nil || len(batch) == 0 {
		return err
	}
	was := j.stored.Load()
	records, size := encodeWrites(batch)
	if was.bytes+size > j.MaxBytes {
		return fmt.Errorf("%w: %d bytes stored, %d more requested, limit %d", chat.ErrJournalFull, was.bytes, size, j.MaxBytes)
	}
	now := &extent{first: was.first, next: was.next + uint64(len(batch)), bytes: was.bytes + size}
	return j.commit(now, func(writes *bbolt.Bucket) error { return putRecords(writes, was.next, records) })
}

// encodeWrites returns the record of each write and their total size.
func encodeWrites(batch []chat.Write) (records [][]byte, size int64) {
	records = make([][]byte, len(batch))
	var b []byte
	for i := range batch {
		start := len(b)
		b = encodeWrite(b, &batch[i])
		records[i] = b[start:len(b):len(b)]
	}
	return records, int64(len(b))
}
