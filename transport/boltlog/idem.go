package boltlog

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"
)

// An idemKey is the hash of a room and a key. 128 bits of SHA-256: nobody finds two keys that
// collide, so a duplicate is never taken for granted wrongly. The zero value is no key.
type idemKey [16]byte

// hashKey hashes a write's key; a write without one has the zero key.
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

// idem remembers keys for at least the window, in generations that each take half a window and
// are dropped whole. What a key was answered lies in one byte slice a generation, so that the
// collector has nothing to follow: some 75 bytes a key, for one and a half windows at most.
type idem struct {
	window int64        // ms
	full   int          // bytes of a generation's answers from which on it ends early
	gens   []generation // the newest first
}

type generation struct {
	born  int64 // ms
	index map[idemKey]uint32
	arena []byte
}

// fullArena is how large a generation grows, in bytes: places in it have 32 bits, and a window may be a day.
const fullArena = 1 << 30

func newIdem(window time.Duration, now int64) *idem {
	return &idem{window: window.Milliseconds(), full: fullArena, gens: []generation{{born: now}}}
}

// rotate begins a new generation when the current one is half a window old or full, and drops those that ended, as
// the next one began, a window ago.
func (m *idem) rotate(now int64) {
	if newest := &m.gens[0]; now-newest.born < m.window/2 && len(newest.arena) < m.full {
		return
	}
	m.gens = slices.Insert(m.gens, 0, generation{born: now})
	for i := 1; i < len(m.gens); i++ {
		if now-m.gens[i-1].born >= m.window {
			m.gens = slices.Delete(m.gens, i, len(m.gens))
		}
	}
}

// add remembers the record's key, if it has one.
func (m *idem) add(r *record) {
	if r.key == (idemKey{}) {
		return
	}
	g := &m.gens[0]
	if g.index == nil {
		g.index = map[idemKey]uint32{}
	}
	g.index[r.key] = uint32(len(g.arena))
	g.arena = encodeAnswer(g.arena, r)
}

// find is the stored record that had the key: its seq, kind, id, target and at.
func (m *idem) find(k idemKey) (*record, bool) {
	for i := range m.gens {
		g := &m.gens[i]
		if at, ok := g.index[k]; ok {
			d := decoder{b: g.arena[at:]}
			return d.answer(), true
		}
	}
	return nil, false
}

// size is how many keys are remembered.
func (m *idem) size() (n int) {
	for i := range m.gens {
		n += len(m.gens[i].index)
	}
	return n
}

// encodeAnswer appends what a repetition of the record's write is answered from.
func encodeAnswer(b []byte, r *record) []byte {
	bare := record{kind: r.kind, id: r.id, target: r.target, at: r.at}
	return encodeRecord(binary.AppendUvarint(b, r.seq), &bare)
}

func (d *decoder) answer() *record {
	seq := d.uint()
	r := d.record()
	r.seq = seq
	return r
}
