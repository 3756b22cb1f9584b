package boltlog

import (
	"fmt"

	"chatnode/actors"
	"go.etcd.io/bbolt"
)

// commit makes the records durable, publishes them to readers and delivers them.
func (l *Log) commit(records []*record) error {
	g := &group{key: l.next, records: records}
	l.next++
	l.buf = encodeBatch(l.buf[:0], records)
	g.size = len(l.buf)
	g.parts = (len(l.buf) + partSize - 1) / partSize
	err := l.db.Update(func(tx *bbolt.Tx) error { return putParts(tx.Bucket(walBucket), g.key, l.buf) })
	if err != nil {
		l.doubt = g
		return fmt.Errorf("commit to %s: %w", l.file, err)
	}
	l.publish(g)
	if cap(l.buf) > maxKeptBuffer {
		l.buf = nil
	}
	return nil
}

// maxKeptBuffer is the largest buffer, in bytes, that is kept for the next batch.
const maxKeptBuffer = 1 << 20

// partSize is the most bytes of a batch that lie under one key: four of them fill a page. A
// larger value would have pages of its own, and all that share its leaf would be written again with
// the next batch.
const partSize = 992

// putParts writes a batch under its number and the number of each part. It is one transaction:
// where the first part is, all are.
func putParts(wal *bbolt.Bucket, batch uint64, b []byte) error {
	wal.FillPercent = 1 // keys only grow: a page that is left is never written again
	for part := uint64(0); len(b) > 0; part++ {
		n := min(len(b), partSize)
		if err := wal.Put(entryKey(batch, part), b[:n]); err != nil {
			return fmt.Errorf("put part %d of batch %d: %w", part, batch, err)
		}
		b = b[n:]
	}
	return nil
}

// settleDoubt finds out what became of the batch whose commit failed. A commit may fail after
// its last write has reached the file, so only the file knows.
func (l *Log) settleDoubt() error {
	g := l.doubt
	if g == nil {
		return nil
	}
	stored := false
	err := l.db.View(func(tx *bbolt.Tx) error {
		stored = tx.Bucket(walBucket).Get(entryKey(g.key, 0)) != nil
		return nil
	})
	if err == nil && stored {
		err = l.db.Sync()
	}
	if err != nil {
		return fmt.Errorf("settle a failed commit to %s: %w", l.file, err)
	}
	l.doubt = nil
	if stored {
		l.publish(g)
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range g.records {
		l.rooms[r.room].staged = false
	}
	return nil
}

// publish shows a durable batch to readers, and delivers it.
func (l *Log) publish(g *group) {
	l.remember(g)
	if l.deliv == nil {
		return
	}
	events := make([]actors.Delivered, len(g.records))
	for i, r := range g.records {
		events[i] = actors.Delivered{Room: r.room, Epoch: l.epoch, Entry: r.entry(r.msg)}
	}
	l.deliv(events)
}

// remember takes a durable batch into memory and wakes the checkpointer when there is much to move.
func (l *Log) remember(g *group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idem.rotate(l.now())
	for _, r := range g.records {
		room := l.rooms[r.room]
		room.staged = false
		room.add(r)
		l.idem.add(r)
	}
	l.pending = append(l.pending, g)
	l.records += len(g.records)
	l.bytes += g.size
	if l.records >= checkpointRecords {
		select {
		case l.full <- struct{}{}:
		default: // it knows already
		}
	}
}
