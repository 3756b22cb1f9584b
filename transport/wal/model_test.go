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

var errDisk = errors.New("the disk fails")

// A disk is a file whose writes may fail, and of which a power cut keeps what was synced and, sector
// by sector, any part of what was not.
type disk struct {
	File
	*power
	path string
	undo []sector // what unsynced writes have replaced, oldest first
}

type sector struct {
	at  int64
	was []byte
}

// power is what the disks of one log share.
type power struct {
	disks []*disk
	fail  bool // the next write or fsync fails
	bytes int  // of it that are written before that
	t     *rapid.T
}

const sectorSize = 512

func (p *power) wrap(f File) File {
	d := &disk{File: f, power: p, path: f.(osFile).Name()}
	p.disks = append(p.disks, d)
	return d
}

// remember keeps what a write is about to replace.
func (d *disk) remember(b []byte, off int64) error {
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

func (d *disk) WriteAt(b []byte, off int64) (int, error) {
	if d.fail {
		d.fail = false
		b = b[:min(d.bytes, len(b))]
		if err := d.remember(b, off); err != nil {
			return 0, err
		}
		n, err := d.File.WriteAt(b, off)
		return n, errors.Join(errDisk, err)
	}
	if err := d.remember(b, off); err != nil {
		return 0, err
	}
	return d.File.WriteAt(b, off)
}

func (d *disk) Sync() error {
	if d.fail {
		d.fail = false
		return errDisk
	}
	d.undo = nil // the files are on a real disk, whose fsync proves nothing here
	return nil
}

// cut takes away any part of what was not synced.
func (p *power) cut() {
	for _, d := range p.disks {
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

// A model is what an owner of a log knows.
type model struct {
	dir   string
	log   *Log
	power *power
	moved uint64            // what the owner has elsewhere
	acked map[uint64]string // and what not
	doubt []string          // appends that failed since one was taken
	next  int
}

// append appends one batch, which may fail.
func (m *model) append(t *rapid.T) {
	m.next++
	batch := fmt.Sprintf("%d %s", m.next, make([]byte, rapid.SampledFrom([]int{0, 10, 700, 9000}).Draw(t, "size")))
	if m.power.fail = rapid.IntRange(0, 3).Draw(t, "fault") == 0; m.power.fail {
		m.power.bytes = rapid.IntRange(0, 1500).Draw(t, "bytes")
	}
	n, err := m.log.Append(text(batch))
	m.power.fail = false
	switch {
	case errors.Is(err, errDisk):
		m.doubt = append(m.doubt, batch)
	case err != nil:
		t.Fatal(err)
	case n != m.moved+uint64(len(m.acked))+1:
		t.Fatalf("batch %d, with %d moved and %d not", n, m.moved, len(m.acked))
	default:
		m.acked[n], m.doubt = batch, nil
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
	m.power.fail, m.power.bytes = rapid.IntRange(0, 5).Draw(t, "scrub fails") == 0, 0
	rest := func(int) {}
	if rapid.Bool().Draw(t, "hurry") {
		rest = nil
	}
	if err := m.log.Release(m.moved, rest); err != nil && !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	m.power.fail = false
}

// restart ends the process, with or without the power, and starts another, which moves all.
func (m *model) restart(t *rapid.T) {
	if rapid.Bool().Draw(t, "power cut") {
		m.power.cut()
	}
	if err := m.log.Close(); err != nil {
		t.Fatal(err)
	}
	m.start(t)
}

func (m *model) start(t *rapid.T) {
	m.power = &power{t: t}
	l, got, err := opened(m.dir, m.moved, m.power.wrap)
	if err != nil {
		t.Fatalf("it does not open: %v", err)
	}
	for i, b := range got {
		want, ok := m.acked[m.moved+uint64(i)+1]
		if ok && b != want || !ok && (i != len(m.acked) || !slices.Contains(m.doubt, b)) {
			t.Fatalf("replayed %.20q as batch %d, want %.20q; in doubt is %.20q", b, m.moved+uint64(i)+1, want, m.doubt)
		}
	}
	if len(got) < len(m.acked) {
		t.Fatalf("%d batches were replayed, %d acknowledged", len(got), len(m.acked))
	}
	m.log, m.doubt, m.acked = l, nil, map[uint64]string{}
	m.moved += uint64(len(got))
	if err := l.Release(m.moved, nil); err != nil {
		t.Fatal(err)
	}
}

// TestModel: whatever fails, and wherever the process or the power ends, the log opens and holds every batch that was
// acknowledged and is not moved, once and in order; and behind them nothing but one that was in doubt.
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
