package boltlog

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// The names in the folder of Options.Path.
const (
	fileName = "chat.db"
	walName  = "chat" // chat-1.wal and chat-2.wal
)

// lockTimeout is how long Open waits for another process to let go of the file.
const lockTimeout = time.Second

// mapped is how much address space, in bytes, the file may grow into before it is mapped anew.
const mapped = 256 << 20

// Open opens the log in the folder, makes both when they are missing, and puts what a killed
// process left in the write-ahead log where it belongs. It starts the checkpointer; Close stops it. The
// error is a sentence for an operator and wraps ErrLocked, ErrFolder or ErrCorrupt where one fits.
func Open(o Options) (*Log, error) {
	o = o.filled()
	l := &Log{Options: o, file: filepath.Join(o.Path, fileName), rooms: map[string]*room{}, full: make(chan struct{}, 1), wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	l.idem = newIdem(o.IdempotencyWindow, l.uptime())
	if err := l.openFile(); err != nil {
		return nil, err
	}
	if err := l.restore(); err != nil {
		return nil, errors.Join(err, l.closeFiles())
	}
	go l.run()
	return l, nil
}

// openFile opens the file and says in a sentence why it cannot.
func (l *Log) openFile() (err error) {
	if l.db, err = OpenFile(l.file); err != nil {
		return fileErrors.Describe(l.file, err)
	}
	return nil
}

// guarded runs f, which reads pages that may be damaged.
func (l *Log) guarded(f func() error) error {
	if err := RecoverDamage(f); err != nil {
		return fileErrors.Describe(l.file, err)
	}
	return nil
}

// restore makes the buckets of a new file, and of an old one moves what a killed process has left
// in the write-ahead log, and loads the keys.
func (l *Log) restore() error {
	if err := l.guarded(func() error { return l.db.Update(l.prepare) }); err != nil {
		return err
	}
	if err := l.guarded(l.migrate); err != nil {
		return err
	}
	if err := l.openWAL(); err != nil {
		return err
	}
	return l.guarded(func() error {
		if err := l.checkpoint(nil); err != nil {
			return err
		}
		l.idem = newIdem(l.IdempotencyWindow, l.uptime()) // the file has all of them now, and only once
		return l.db.View(l.loadKeys)
	})
}

// prepare makes what is missing and reads the epoch.
func (l *Log) prepare(tx *bbolt.Tx) error {
	for _, name := range [][]byte{metaBucket, roomsBucket, logBucket, idsBucket, idemBucket} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	meta := tx.Bucket(metaBucket)
	switch was := meta.Get(formatKey); {
	case was == nil:
		if err := errors.Join(meta.Put(formatKey, []byte(format)), meta.Put(epochKey, []byte(rand.Text()[:epochLength]))); err != nil {
			return fmt.Errorf("name the format: %w", err)
		}
	case string(was) != format && string(was) != oldFormat:
		return fmt.Errorf("its format is %q, not %q: %w", was, format, ErrForeign)
	}
	l.epoch = string(meta.Get(epochKey))
	l.saved = []keyGeneration{{tx.Bucket(idemBucket).Sequence(), l.uptime()}}
	if b := meta.Get(movedKey); len(b) == 8 {
		l.moved = binary.BigEndian.Uint64(b)
	}
	return nil
}

// epochLength is in characters of 5 random bits each.
const epochLength = 13

// Close moves what is left, and closes the file. Calling it again returns the same error.
func (l *Log) Close() error {
	l.closing.Do(func() {
		close(l.quit)
		<-l.done
		l.writer.Lock() // an Append under way ends first
		defer l.writer.Unlock()
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		if err := errors.Join(l.checkpoint(nil), l.closeFiles()); err != nil {
			l.closeErr = fmt.Errorf("close %s: %w", l.file, err)
		}
	})
	return l.closeErr
}

// closeFiles closes what is open.
func (l *Log) closeFiles() error {
	if l.wal == nil {
		return l.db.Close()
	}
	return errors.Join(l.wal.Close(), l.db.Close())
}
