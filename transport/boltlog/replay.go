package boltlog

import (
	"fmt"

	"chatnode/transport/boltfile"
	"chatnode/transport/wal"
)

// openWAL opens the write-ahead log and loads the batches that are not in the file.
func (l *Log) openWAL() error {
	var opened *wal.Log
	err := boltfile.RecoverDamage(func() (err error) {
		opened, err = wal.Open(wal.Options{Folder: l.Path, Name: walName, Owner: l.epoch, Wrap: l.wrap}, l.movedUpTo, l.replay)
		return err
	})
	if err != nil {
		return l.describeWAL(err)
	}
	l.wal = opened
	return nil
}

// replay loads one batch into memory.
func (l *Log) replay(number uint64, b []byte) error {
	records, err := decodeBatch(b)
	if err != nil {
		return fmt.Errorf("batch %d: %w: %w", number, wal.ErrDamaged, err)
	}
	if err := l.loadRooms(records); err != nil {
		return err
	}
	l.addPending(&batch{number: number, records: records, bytes: len(b)})
	return nil
}

// loadRooms loads the rooms of the records.
func (l *Log) loadRooms(records []*record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.newSnapshot()
	defer s.close()
	for _, r := range records {
		if _, err := s.loadRoom(r.room); err != nil {
			return err
		}
	}
	return nil
}
