package boltlog

import (
	"fmt"

	"chatnode/transport/wal"
)

// openWAL opens the write-ahead log and takes what the file does not have into memory, as if it
// had been appended now.
func (l *Log) openWAL() error {
	var opened *wal.Log
	err := RecoverDamage(func() (err error) {
		opened, err = wal.Open(wal.Options{Folder: l.Path, Name: walName, Owner: l.epoch, Wrap: l.wrap}, l.moved, l.replay)
		return err
	})
	if err != nil {
		return l.walFault(err)
	}
	l.wal = opened
	return nil
}

// replay takes one batch into memory.
func (l *Log) replay(number uint64, b []byte) error {
	records, err := decodeBatch(b)
	if err != nil {
		return fmt.Errorf("batch %d: %w: %w", number, wal.ErrDamaged, err)
	}
	if err := l.loadRooms(records); err != nil {
		return err
	}
	l.remember(&batch{number: number, records: records, size: len(b)})
	return nil
}

// loadRooms loads the rooms of the records.
func (l *Log) loadRooms(records []*record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.view()
	defer v.close()
	for _, r := range records {
		if _, err := v.room(r.room); err != nil {
			return err
		}
	}
	return nil
}
