package boltlog

import (
	"fmt"

	"chatnode/actors/chat"
)

// commit makes the records durable, then publishes them.
func (l *Log) commit(records []*record) (err error) {
	b := &batch{records: records}
	if b.number, err = l.wal.Append(b); err != nil {
		l.rollback(records)
		return fmt.Errorf("commit: %w", err)
	}
	l.publish(b)
	return nil
}

// rollback undoes the staging of records that were not stored. They may be in the write-ahead log, which removes them
// before it accepts another batch.
func (l *Log) rollback(records []*record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range records {
		l.rooms[r.room].staged = false
	}
}

// publish makes a durable batch visible to readers and calls onCommit.
func (l *Log) publish(b *batch) {
	l.addPending(b)
	if l.onCommit == nil {
		return
	}
	events := make([]chat.Delivered, len(b.records))
	for i, r := range b.records {
		events[i] = chat.Delivered{Room: r.room, Epoch: l.epoch, Entry: r.entry(r.msg)}
	}
	l.onCommit(events)
}

// addPending adds a durable batch to memory, and starts a round of the checkpointer if enough records are pending.
func (l *Log) addPending(b *batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys.rotate(l.uptime())
	for _, r := range b.records {
		room := l.rooms[r.room]
		room.staged = false
		room.add(r)
		l.keys.add(r)
	}
	l.pending = append(l.pending, b)
	l.records += len(b.records)
	l.bytes += b.bytes
	l.roundRecords += len(b.records)
	l.roundBytes += b.bytes
	if l.roundRecords >= checkpointRecords || l.roundBytes >= checkpointBytes {
		select {
		case l.due <- struct{}{}:
		default: // the signal is already set
		}
	}
}
