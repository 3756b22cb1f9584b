package boltlog

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// replay takes the wal into memory, as if it had been appended now, and checkpoints it.
func (l *Log) replay() error {
	if err := l.db.View(l.replayBatches); err != nil {
		return err
	}
	if err := l.checkpoint(); err != nil {
		return err
	}
	l.idem = newIdem(l.IdempotencyWindow, l.now()) // the file has all of them now, and only once
	return nil
}

// replayBatches puts the parts of each batch together.
func (l *Log) replayBatches(tx *bbolt.Tx) error {
	var batch []byte
	g := &group{}
	end := func() error {
		if g.parts == 0 {
			return nil
		}
		return l.replayBatch(g, batch)
	}
	err := tx.Bucket(walBucket).ForEach(func(k, v []byte) error {
		if len(k) != 16 {
			return fmt.Errorf("replay the wal: key %x: %w", k, errDamaged)
		}
		if key := binary.BigEndian.Uint64(k); key != g.key {
			if err := end(); err != nil {
				return err
			}
			g, batch = &group{key: key}, nil
		}
		g.parts++
		batch = append(batch, v...)
		return nil
	})
	if err != nil {
		return err
	}
	return end()
}

func (l *Log) replayBatch(g *group, b []byte) (err error) {
	if g.records, err = decodeBatch(b); err != nil {
		return fmt.Errorf("replay batch %d of the wal: %w", g.key, err)
	}
	g.size = len(b)
	if err := l.loadRooms(g.records); err != nil {
		return err
	}
	l.remember(g)
	l.next = g.key + 1
	return nil
}

// loadRooms loads the rooms of the records.
func (l *Log) loadRooms(records []*record) error {
	v := l.view()
	defer v.close()
	for _, r := range records {
		if _, err := v.room(r.room); err != nil {
			return err
		}
	}
	return nil
}
