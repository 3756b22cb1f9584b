package boltlog

import (
	"errors"
	"fmt"
)

// Open opens the log in the folder of o and creates both if they are missing. It recovers the batches that a killed
// process left in the write-ahead log and starts the checkpointer. The errors are for operators and wrap
// boltfile.ErrLocked, ErrFolder, ErrCorrupt or ErrForeign if one applies.
func Open(o Options) (*Log, error) {
	o = o.withDefaults()
	l := &Log{Options: o, file: newFile(o.Path), rooms: map[string]*room{}, due: make(chan struct{}, 1), wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	l.keys = newKeyCache(o.IdempotencyWindow, l.uptime())
	if _, err := l.file.Open(l.load); err != nil {
		return nil, err
	}
	if err := l.restore(); err != nil {
		return nil, errors.Join(err, l.closeFiles())
	}
	go l.run()
	return l, nil
}

// restore moves the batches of the write-ahead log to the file and loads the keys.
func (l *Log) restore() error {
	if err := l.openWAL(); err != nil {
		return err
	}
	return l.file.Guard(func() error {
		if err := l.checkpoint(nil); err != nil {
			return err
		}
		l.keys = newKeyCache(l.IdempotencyWindow, l.uptime()) // the file now contains all keys, each once
		return l.db.View(l.loadKeys)
	})
}

// Close moves all pending records and closes the files. Further calls return the same error.
func (l *Log) Close() error {
	l.closeOnce.Do(func() {
		close(l.quit)
		<-l.done
		l.appendMu.Lock() // waits for a running Append
		defer l.appendMu.Unlock()
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		if err := errors.Join(l.checkpoint(nil), l.closeFiles()); err != nil {
			l.closeErr = fmt.Errorf("close %s: %w", l.file.Path, err)
		}
	})
	return l.closeErr
}

// closeFiles closes the open files.
func (l *Log) closeFiles() error {
	if l.wal == nil {
		return l.db.Close()
	}
	return errors.Join(l.wal.Close(), l.db.Close())
}
