package boltlog

import (
	"encoding/binary"
	"fmt"
	"slices"

	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// keyGeneration is the keys of one transaction in the file. An entry that an earlier process left stands for all
// older ones.
type keyGeneration struct {
	upTo    uint64 // number of the transaction
	savedAt int64  // ms of uptime; keys of an earlier process: time of Open
}

// saveKeys saves the keys of the moved records, which are about to leave the write-ahead log, as one value. The value
// starts with the time of its newest record, in ms. saveKeys also deletes values that are older than the window. If a
// round is repeated, its keys are saved twice, which does no harm.
func (c *checkpointTx) saveKeys(tx *bbolt.Tx) error {
	bucket := tx.Bucket(idemBucket)
	c.keysNumber, c.droppedUpTo = 0, c.log.expiredUpTo()
	if err := dropKeys(bucket, c.droppedUpTo); err != nil {
		return err
	}
	var b []byte
	var newest int64
	for _, records := range c.rooms {
		for _, r := range records {
			if r.key != (idemKey{}) {
				newest = max(newest, r.at)
				b = encodeKeyEntry(append(b, r.key[:]...), r)
			}
		}
	}
	if len(b) == 0 {
		return nil
	}
	n, err := bucket.NextSequence()
	if err != nil {
		return fmt.Errorf("next number of keys: %w", err)
	}
	c.keysNumber = n
	return bucket.Put(numberKey(n), append(binary.BigEndian.AppendUint64(nil, uint64(newest)), b...))
}

// expiredUpTo returns the newest number whose keys were saved before the window; 0: none.
func (l *Log) expiredUpTo() (upTo uint64) {
	oldest := l.uptime() - l.IdempotencyWindow.Milliseconds()
	for _, s := range l.savedKeys {
		if s.savedAt < oldest {
			upTo = s.upTo
		}
	}
	return upTo
}

// noteSavedKeys updates savedKeys after a transaction.
func (l *Log) noteSavedKeys(c *checkpointTx) {
	l.savedKeys = slices.DeleteFunc(l.savedKeys, func(s keyGeneration) bool { return s.upTo <= c.droppedUpTo })
	if c.keysNumber > 0 {
		l.savedKeys = append(l.savedKeys, keyGeneration{c.keysNumber, l.uptime()})
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
			return fmt.Errorf("delete expired keys: %w", err)
		}
	}
	return nil
}

// loadKeys loads all keys of the file into memory. It keeps them for another window, because the clock may have been
// set and their age is unknown.
func (l *Log) loadKeys(tx *bbolt.Tx) error {
	return tx.Bucket(idemBucket).ForEach(func(_, v []byte) error {
		records, err := decodeKeys(v)
		l.keys.rotate(l.uptime())
		for _, r := range records {
			l.keys.add(r)
		}
		return err
	})
}

// decodeKeys reads a value that saveKeys wrote.
func decodeKeys(b []byte) ([]*record, error) {
	if len(b) < 8 {
		return nil, boltfile.ErrDamaged
	}
	d := decoder{b: b[8:]}
	var records []*record
	for len(d.b) > 0 {
		var k idemKey
		copy(k[:], d.bytes(uint64(len(k))))
		r := d.keyEntry()
		r.key = k
		records = append(records, r)
	}
	if d.bad {
		return nil, boltfile.ErrDamaged
	}
	return records, nil
}
