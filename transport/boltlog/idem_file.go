package boltlog

import (
	"encoding/binary"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// keyGeneration are the keys under the numbers up to one, and since when the file has had them.
type keyGeneration struct {
	upTo uint64
	at   int64 // ms of uptime; of what an earlier process has left: when the log was opened
}

// saveKeys writes the keys of the job's records, which will leave the wal, as one value, and drops the
// values that have been there for longer than the window. It begins with the time of the newest, in ms. A round that is begun again
// saves them again, which does no harm.
func (j *checkpointTx) saveKeys(tx *bbolt.Tx) error {
	bucket := tx.Bucket(idemBucket)
	j.keys, j.dropped = 0, j.log.expiredUpTo()
	if err := dropKeys(bucket, j.dropped); err != nil {
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
	j.keys = n
	return bucket.Put(numberKey(n), append(binary.BigEndian.AppendUint64(nil, uint64(newest)), b...))
}

// expiredUpTo is the number up to which the file has had keys for longer than the window; 0: there is none.
func (l *Log) expiredUpTo() (upTo uint64) {
	oldest := l.uptime() - l.IdempotencyWindow.Milliseconds()
	for _, s := range l.saved {
		if s.at < oldest {
			upTo = s.upTo
		}
	}
	return upTo
}

// keysSaved notes what a job that is in the file has done to the keys there.
func (l *Log) keysSaved(j *checkpointTx) {
	l.saved = slices.DeleteFunc(l.saved, func(s keyGeneration) bool { return s.upTo <= j.dropped })
	if j.keys > 0 {
		l.saved = append(l.saved, keyGeneration{j.keys, l.uptime()})
	}
}

func dropKeys(bucket *bbolt.Bucket, upTo uint64) error {
	var old [][]byte
	c := bucket.Cursor()
	for k, _ := c.First(); len(k) == 8 && binary.BigEndian.Uint64(k) <= upTo; k, _ = c.Next() {
		old = append(old, k)
	}
	for _, k := range old {
		if err := bucket.Delete(k); err != nil {
			return fmt.Errorf("drop old keys: %w", err)
		}
	}
	return nil
}

// loadKeys puts all keys that the file holds into memory. How old they are only the clock could tell, which
// may have been set; so they are kept for another window.
func (l *Log) loadKeys(tx *bbolt.Tx) error {
	return tx.Bucket(idemBucket).ForEach(func(_, v []byte) error {
		records, err := decodeKeys(v)
		l.idem.rotate(l.uptime())
		for _, r := range records {
			l.idem.add(r)
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
