package boltlog

import (
	"fmt"

	"chatnode/actors/chat"
)

// commit makes the records durable, publishes them to readers and delivers them.
func (l *Log) commit(records []*record) (err error) {
	g := &batch{records: records}
	if g.number, err = l.wal.Append(g); err != nil {
		l.rollback(records)
		return fmt.Errorf("commit: %w", err)
	}
	l.publish(g)
	return nil
}

// rollback undoes the staging of records that were not stored. They may be in the write-ahead log for
// all that is known; it makes sure that they are not before it takes anything else.
func (l *Log) rollback(records []*record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range records {
		l.rooms[r.room].staged = false
	}
}

// publish shows a durable batch to readers, and delivers it.
func (l *Log) publish(g *batch) {
	l.remember(g)
	if l.deliv == nil {
		return
	}
	events := make([]chat.Delivered, len(g.records))
	for i, r := range g.records {
		events[i] = chat.Delivered{Room: r.room, Epoch: l.epoch, Entry: r.entry(r.msg)}
	}
	l.deliv(events)
}

// remember takes a durable batch into memory and wakes the checkpointer when there is much to move.
func (l *Log) remember(g *batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idem.rotate(l.uptime())
	for _, r := range g.records {
		room := l.rooms[r.room]
		room.staged = false
		room.add(r)
		l.idem.add(r)
	}
	l.pending = append(l.pending, g)
	l.records += len(g.records)
	l.bytes += g.size
	l.newRecords += len(g.records)
	l.newBytes += g.size
	if l.newRecords >= checkpointRecords || l.newBytes >= checkpointBytes {
		select {
		case l.full <- struct{}{}:
		default: // it knows already
		}
	}
}
