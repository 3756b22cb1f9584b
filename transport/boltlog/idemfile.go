package boltlog

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// saveKeys writes the keys of the job's records, which will leave the wal, as one value, and drops the
// values that are older than the window. It begins with the time of the newest, in ms. A round that is begun again
// saves them again, which does no harm.
func (j *job) saveKeys(tx *bbolt.Tx) error {
	bucket := tx.Bucket(idemBucket)
	if err := j.log.dropKeys(bucket); err != nil {
		return err
	}
	var b []byte
	var newest int64
	for _, records := range j.rooms {
		for _, r := range records {
			if r.key != (idemKey{}) {
				newest = max(newest, r.at)
				b = encodeAnswer(append(b, r.key[:]...), r)
			}
		}
	}
	if len(b) == 0 {
		return nil
	}
	n, err := bucket.NextSequence()
	if err != nil {
		return fmt.Errorf("number the keys: %w", err)
	}
	return bucket.Put(numberKey(n), append(binary.BigEndian.AppendUint64(nil, uint64(newest)), b...))
}

func (l *Log) dropKeys(bucket *bbolt.Bucket) error {
	oldest := l.now() - l.IdempotencyWindow.Milliseconds()
	var old [][]byte
	c := bucket.Cursor()
	for k, v := c.First(); k != nil && len(v) >= 8 && int64(binary.BigEndian.Uint64(v)) < oldest; k, v = c.Next() {
		old = append(old, k)
	}
	for _, k := range old {
		if err := bucket.Delete(k); err != nil {
			return fmt.Errorf("drop old keys: %w", err)
		}
	}
	return nil
}

// loadKeys puts the keys that the file remembers into memory.
func (l *Log) loadKeys(tx *bbolt.Tx) error {
	oldest := l.now() - l.IdempotencyWindow.Milliseconds()
	return tx.Bucket(idemBucket).ForEach(func(_, v []byte) error {
		records, err := decodeKeys(v)
		for _, r := range records {
			if r.at >= oldest {
				l.idem.add(r)
			}
		}
		return err
	})
}

// decodeKeys reads a value that saveKeys wrote.
func decodeKeys(b []byte) ([]*record, error) {
	if len(b) < 8 {
		return nil, ErrDamaged
	}
	d := decoder{b: b[8:]}
	var records []*record
	for len(d.b) > 0 {
		var k idemKey
		copy(k[:], d.bytes(uint64(len(k))))
		r := d.answer()
		r.key = k
		records = append(records, r)
	}
	if d.bad {
		return nil, ErrDamaged
	}
	return records, nil
}
