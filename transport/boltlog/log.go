package boltlog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/transport/wal"
	"go.etcd.io/bbolt"
)

// ErrClosed is returned by Append and Range after Close.
var ErrClosed = errors.New("the log is closed")

// A Log is one open file. Append, Range and Close may be called from different goroutines;
// appends take turns.
type Log struct {
	Options
	file   string
	epoch  string
	db     *bbolt.DB
	wal    *wal.Log
	deliv  func([]chat.Delivered)
	writer sync.Mutex // one Append at a time

	checking sync.Mutex      // one checkpoint at a time; owns moved and saved
	moved    uint64          // the newest batch that is in the file, as the file says
	saved    []keyGeneration // the keys in the file, oldest first
	waiters  atomic.Int32    // how many wait for a checkpoint
	wake     chan struct{}   // says so to one that rests
	full     chan struct{}
	quit     chan struct{}
	done     chan struct{}
	closing  sync.Once
	closeErr error

	mu                   sync.Mutex // everything below, for microseconds at a time: never during a commit
	closed               bool
	rooms                map[string]*room
	pending              []*batch // durable, not in the file yet, oldest first
	records              int      // in pending
	bytes                int      // in pending, as encoded
	newRecords, newBytes int      // the part of them that came after the newest round of the checkpointer began
	idem                 *idem
}

// A batch is one batch.
type batch struct {
	number  uint64
	records []*record
	size    int // bytes, as encoded
}

// AppendBinary encodes the batch for the write-ahead log.
func (g *batch) AppendBinary(b []byte) ([]byte, error) {
	before := len(b)
	b = encodeBatch(b, g.records)
	g.size = len(b) - before
	return b, nil
}

// OnCommit sets the function that Append calls with what it has stored, in order, from its own
// goroutine, before it returns. It is set before the first Append. It may block: that is backpressure.
func (l *Log) OnCommit(f func(events []chat.Delivered)) { l.deliv = f }

// Append stores the batch in order with one fsync, as actors.Appender promises, and calls the
// function given to OnCommit. An error leaves nothing acknowledged; trying again is safe.
// A write without a Key is never taken for a repetition, unless it is Tried.
func (l *Log) Append(ctx context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	l.writer.Lock()
	defer l.writer.Unlock()
	if err := l.ready(ctx); err != nil {
		return nil, err
	}
	s, err := l.stage(batch)
	if err != nil {
		return nil, fmt.Errorf("append %d writes: %w", len(batch), err)
	}
	if len(s.records) > 0 {
		if err := l.commit(s.records); err != nil {
			return nil, fmt.Errorf("append %d writes: %w", len(batch), err)
		}
	}
	return s.receipts, nil
}

// ready makes sure that a batch may be staged: memory is not full of what the file has not taken.
func (l *Log) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	l.mu.Lock()
	closed, over := l.closed, l.records >= maxPending || l.bytes >= maxPendingBytes
	l.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if over {
		return l.checkpoint(nil)
	}
	return nil
}

// now is the log's clock in ms since the Unix epoch.
func (l *Log) now() int64 { return l.Now().UnixMilli() }

// uptime is how long the log is open, in ms. Keys are kept by it: the clock may be set.
func (l *Log) uptime() int64 { return l.age().Milliseconds() }
