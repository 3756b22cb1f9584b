package wal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

var errDisk = errors.New("disk error")

// faultyFile is a file whose writes may fail. After a power failure it contains the synced bytes and any part of the
// others, sector by sector.
type faultyFile struct {
	File
	*powerState
	path string
	undo []sector // content before the unsynced writes, oldest first
}

type sector struct {
	at  int64
	was []byte
}

// powerState is shared by the files of one log.
type powerState struct {
	files    []*faultyFile
	failNext bool // the next write or fsync fails
	partial  int  // bytes that this write still writes
	t        *rapid.T
}

const sectorSize = 512

func (p *powerState) wrap(f File) File {
	d := &faultyFile{File: f, powerState: p, path: f.(osFile).Name()}
	p.files = append(p.files, d)
	return d
}

// recordUndo records the content that a write is about to replace.
func (d *faultyFile) recordUndo(b []byte, off int64) error {
	f, err := os.Open(d.path)
	if err != nil {
		return err
	}
	for at := off; at < off+int64(len(b)); {
		n := min(sectorSize-at%sectorSize, off+int64(len(b))-at)
		was := make([]byte, n)
		if _, err := f.ReadAt(was, at); err != nil && !errors.Is(err, io.EOF) {
			return errors.Join(err, f.Close())
		}
		d.undo = append(d.undo, sector{at, was})
		at += n
	}
	return f.Close()
}

func (d *faultyFile) WriteAt(b []byte, off int64) (int, error) {
	if d.failNext {
		d.failNext = false
		b = b[:min(d.partial, len(b))]
		if err := d.recordUndo(b, off); err != nil {
			return 0, err
		}
		n, err := d.File.WriteAt(b, off)
		return n, errors.Join(errDisk, err)
	}
	if err := d.recordUndo(b, off); err != nil {
		return 0, err
	}
	return d.File.WriteAt(b, off)
}

func (d *faultyFile) Sync() error {
	if d.failNext {
		d.failNext = false
		return errDisk
	}
	d.undo = nil // a real fsync would prove nothing here
	return nil
}

// cutPower undoes any part of the unsynced writes.
func (p *powerState) cutPower() {
	for _, d := range p.files {
		for _, s := range slices.Backward(d.undo) {
			if rapid.Bool().Draw(p.t, "lost") {
				if _, err := d.File.WriteAt(s.was, s.at); err != nil {
					p.t.Fatal(err)
				}
			}
		}
		d.undo = nil
	}
}

// model is the knowledge of the owner of a log.
type model struct {
	dir    string
	log    *Log
	power  *powerState
	moved  uint64            // number of the newest batch that the owner has stored
	acked  map[uint64]string // acknowledged batches after moved
	failed []string          // failed appends since the last successful one
	next   int
}

// append appends one batch, which may fail.
func (m *model) append(t *rapid.T) {
	m.next++
	batch := fmt.Sprintf("%d %s", m.next, make([]byte, rapid.SampledFrom([]int{0, 10, 700, 9000}).Draw(t, "size")))
	if m.power.failNext = rapid.IntRange(0, 3).Draw(t, "fault") == 0; m.power.failNext {
		m.power.partial = rapid.IntRange(0, 1500).Draw(t, "bytes")
	}
	n, err := m.log.Append(batchText(batch))
	m.power.failNext = false
	switch {
	case errors.Is(err, errDisk):
		m.failed = append(m.failed, batch)
	case err != nil:
		t.Fatal(err)
	case n != m.moved+uint64(len(m.acked))+1:
		t.Fatalf("batch %d with %d batches moved and %d pending", n, m.moved, len(m.acked))
	default:
		m.acked[n], m.failed = batch, nil
	}
}

// move moves some of the oldest batches.
func (m *model) move(t *rapid.T) {
	if err := m.log.Rotate(); err != nil && !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	for n := rapid.IntRange(0, len(m.acked)).Draw(t, "moved"); n > 0; n-- {
		m.moved++
		delete(m.acked, m.moved)
	}
	m.power.failNext, m.power.partial = rapid.IntRange(0, 5).Draw(t, "wipe fails") == 0, 0
	sleep := func(int) {}
	if rapid.Bool().Draw(t, "without sleep") {
		sleep = nil
	}
	if err := m.log.Release(m.moved, sleep); err != nil && !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	m.power.failNext = false
}

// restart ends the process, with or without a power failure, and starts another one, which moves all batches.
func (m *model) restart(t *rapid.T) {
	if rapid.Bool().Draw(t, "power cut") {
		m.power.cutPower()
	}
	if err := m.log.Close(); err != nil {
		t.Fatal(err)
	}
	m.start(t)
}

func (m *model) start(t *rapid.T) {
	m.power = &powerState{t: t}
	l, got, err := openLog(m.dir, m.moved, m.power.wrap)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	for i, b := range got {
		want, ok := m.acked[m.moved+uint64(i)+1]
		if ok && b != want || !ok && (i != len(m.acked) || !slices.Contains(m.failed, b)) {
			t.Fatalf("replayed %.20q as batch %d, want %.20q; failed appends %.20q", b, m.moved+uint64(i)+1, want, m.failed)
		}
	}
	if len(got) < len(m.acked) {
		t.Fatalf("%d batches replayed, want the %d acknowledged ones", len(got), len(m.acked))
	}
	m.log, m.failed, m.acked = l, nil, map[uint64]string{}
	m.moved += uint64(len(got))
	if err := l.Release(m.moved, nil); err != nil {
		t.Fatal(err)
	}
}

// TestModel: after any faults, kills and power failures, the log opens and contains the acknowledged and not moved
// batches, once and in order. At most one failed batch follows them.
func TestModel(t *testing.T) {
	base, cases := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		dir := filepath.Join(base, strconv.Itoa(cases))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		m := &model{dir: dir}
		m.start(t)
		defer func() {
			if err := errors.Join(m.log.Close(), os.RemoveAll(dir)); err != nil {
				t.Error(err)
			}
		}()
		t.Repeat(map[string]func(*rapid.T){"append": m.append, "move": m.move, "restart": m.restart, "": func(*rapid.T) {}})
	})
}
