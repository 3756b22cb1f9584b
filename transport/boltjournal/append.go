package boltjournal

import (
	"fmt"

	"chatnode/actors/chat"
	"go.etcd.io/bbolt"
)

// Append makes the batch durable, in order, with one commit. After an error none of it is held:
// actors.ErrJournalFull when it does not fit into MaxBytes, syscall.ENOSPC when the volume is full.
// Keep works again by itself once there is space.
func (j *Journal) Append(batch []chat.Write) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if err := j.keep(batch); err != nil {
		return fmt.Errorf("keep %d writes in %s: %w", len(batch), j.file, err)
	}
	return nil
}

func (j *Journal) keep(batch []chat.Write) error {
	if err := j.ready(); err != nil || len(batch) == 0 {
		return err
	}
	was := j.held.Load()
	records, size := encodeWrites(batch)
	if was.bytes+size > j.MaxBytes {
		return fmt.Errorf("%w: %d bytes are held, and %d more would pass its bound of %d", chat.ErrJournalFull, was.bytes, size, j.MaxBytes)
	}
	now := &extent{first: was.first, next: was.next + uint64(len(batch)), bytes: was.bytes + size}
	return j.commit(now, func(writes *bbolt.Bucket) error { return putRecords(writes, was.next, records) })
}

// encodeWrites returns the record of each write, and the bytes of all.
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
