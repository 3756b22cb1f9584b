package boltlog

import (
	"encoding/binary"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
	"chatnode/transport/boltfile"
)

// decoder reads b from its front. After the first error all values are zero and bad is set.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) fail() { d.b, d.bad = nil, true }

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.fail()
		return 0
	}
	v := d.b[0]
	d.b = d.b[1:]
	return v
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

// bytes returns the next n bytes without a copy.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.fail()
		return nil
	}
	v := d.b[:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) string() string { return string(d.bytes(d.uint())) }

// decodeBatch is the inverse of encodeBatch.
func decodeBatch(b []byte) ([]*record, error) {
	d := decoder{b: b}
	var records []*record
	for len(d.b) > 0 {
		room, seq := d.string(), d.uint()
		r := d.readRecord()
		r.room, r.seq = room, seq
		for n := d.uint(); n > 0 && !d.bad; n-- {
			r.gone = append(r.gone, d.string())
		}
		records = append(records, r)
	}
	if d.bad {
		return nil, boltfile.ErrDamaged
	}
	return records, nil
}

// decodeRecord is the inverse of encodeRecord. seq comes from the key.
func decodeRecord(seq uint64, b []byte) (*record, error) {
	d := decoder{b: b}
	r := d.readRecord()
	r.seq = seq
	if d.bad || len(d.b) > 0 {
		return nil, boltfile.ErrDamaged
	}
	return r, nil
}

func (d *decoder) readRecord() *record {
	r := &record{kind: chat.EntryKind(d.byte())}
	flags := d.byte()
	if !r.kind.Valid() {
		d.fail()
	}
	r.id = d.string()
	r.target = r.id
	if flags&flagTarget != 0 {
		r.target = d.string()
	}
	r.at = d.int()
	if flags&flagMessage != 0 {
		r.msg = d.readMessage(r.target)
	}
	if r.kind == chat.EntryBulkDelete {
		r.userID, r.count = d.string(), int(d.uint())
	}
	if flags&flagKey != 0 {
		copy(r.key[:], d.bytes(uint64(len(r.key))))
	}
	return r
}

func (d *decoder) readMessage(id string) *wire.Message {
	return &wire.Message{ID: id, UserID: d.string(), UserName: d.string(), UserAvatar: d.string(), Text: d.string(), At: d.int(), EditedAt: d.int()}
}
