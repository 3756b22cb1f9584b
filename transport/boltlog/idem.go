package boltlog

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"
)

// idemKey is the hash of a room and a key. 128 bits of SHA-256 make a collision practically impossible, so a write is
// never mistaken for a duplicate. The zero value means no key.
type idemKey [16]byte

// hashKey hashes the key of a write. The hash of an empty key is zero.
func hashKey(room, key string) (h idemKey) {
	if key == "" {
		return h
	}
	var buf [256]byte
	b := append(putString(buf[:0], room), key...)
	sum := sha256.Sum256(b)
	copy(h[:], sum[:])
	return h
}

// keyCache stores keys for at least the window, in generations. A generation is filled during half a window and
// evicted as a whole. Its entries are in one byte slice, so that the garbage collector does not visit them. A key
// takes about 75 bytes and stays for at most one and a half windows.
type keyCache struct {
	window      int64        // ms
	maxBytes    int          // size of a generation, in bytes
	generations []generation // newest first
}

type generation struct {
	startedAt int64 // ms of uptime
	index     map[idemKey]uint32
	entries   []byte
}

// maxGenerationBytes is the maximum size of a generation, because offsets in it have 32 bits and a window may be a
// day.
const maxGenerationBytes = 1 << 30

func newKeyCache(window time.Duration, now int64) *keyCache {
	return &keyCache{window: window.Milliseconds(), maxBytes: maxGenerationBytes, generations: []generation{{startedAt: now}}}
}

// rotate starts a new generation if the newest one is half a window old or full. It evicts generations that were
// replaced at least a window ago.
func (m *keyCache) rotate(now int64) {
	if newest := &m.generations[0]; now-newest.startedAt < m.window/2 && len(newest.entries) < m.maxBytes {
		return
	}
	m.generations = slices.Insert(m.generations, 0, generation{startedAt: now})
	for i := 1; i < len(m.generations); i++ {
		if now-m.generations[i-1].startedAt >= m.window {
			m.generations = slices.Delete(m.generations, i, len(m.generations))
		}
	}
}

// add stores the key of the record, if it has one.
func (m *keyCache) add(r *record) {
	if r.key == (idemKey{}) {
		return
	}
	g := &m.generations[0]
	if g.index == nil {
		g.index = map[idemKey]uint32{}
	}
	g.index[r.key] = uint32(len(g.entries))
	g.entries = encodeKeyEntry(g.entries, r)
}

// find returns the record with the key. Only its seq, kind, id, target and at are set.
func (m *keyCache) find(k idemKey) (*record, bool) {
	for i := range m.generations {
		g := &m.generations[i]
		if at, ok := g.index[k]; ok {
			d := decoder{b: g.entries[at:]}
			return d.keyEntry(), true
		}
	}
	return nil, false
}

// encodeKeyEntry appends the data for the receipt of a duplicate to b.
func encodeKeyEntry(b []byte, r *record) []byte {
	bare := record{kind: r.kind, id: r.id, target: r.target, at: r.at}
	return encodeRecord(binary.AppendUvarint(b, r.seq), &bare)
}

func (d *decoder) keyEntry() *record {
	seq := d.uint()
	r := d.readRecord()
	r.seq = seq
	return r
}
