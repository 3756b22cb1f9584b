package boltlog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/wal"

	"go.etcd.io/bbolt"
)

// ErrClosed is returned by Append and Range after Close.
var ErrClosed = errors.New("log closed")

// Log is one open log. Append, Range and Close may be called from several goroutines. Appends run one at a time.
type Log struct {
	Options
	file     *boltfile.File
	epoch    string
	db       *bbolt.DB
	wal      *wal.Log
	onCommit func([]chat.Delivered)
	appendMu sync.Mutex // held by Append

	checkpointMu sync.Mutex      // held by a round of the checkpointer; guards movedUpTo and savedKeys
	movedUpTo    uint64          // number of the newest batch in the file
	savedKeys    []keyGeneration // keys in the file, oldest first
	waiters      atomic.Int32    // number of callers that wait for a round
	wake         chan struct{}   // ends the sleep of a round
	due          chan struct{}   // starts a round
	quit         chan struct{}
	done         chan struct{}
	closeOnce    sync.Once
	closeErr     error

	mu                       sync.Mutex // guards the fields below; held for microseconds, never during a commit
	closed                   bool
	rooms                    map[string]*room
	pending                  []*batch // durable, but not in the file yet; oldest first
	records                  int      // number of records in pending
	bytes                    int      // encoded size of pending
	roundRecords, roundBytes int      // the part of pending that was added since the last round started
	keys                     *keyCache
}

// batch is the records of one Append.
type batch struct {
	number  uint64
	records []*record
	bytes   int // encoded size
}

// AppendBinary encodes the batch for the write-ahead log.
func (g *batch) AppendBinary(b []byte) ([]byte, error) {
	before := len(b)
	b = encodeBatch(b, g.records)
	g.bytes = len(b) - before
	return b, nil
}

// OnCommit sets the function that Append calls with the stored entries, in order and from its own goroutine, before
// it returns. Call it before the first Append. f may block, which delays further appends.
func (l *Log) OnCommit(f func(events []chat.Delivered)) { l.onCommit = f }

// Append stores the batch in order with one fsync, as chat.Appender specifies, and calls the function of OnCommit. If
// it returns an error, nothing is acknowledged and a retry is safe. It never treats a write without a Key as a
// duplicate, unless Tried is set.
func (l *Log) Append(ctx context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	l.appendMu.Lock()
	defer l.appendMu.Unlock()
	if err := l.prepareAppend(ctx); err != nil {
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

// prepareAppend returns an error if nothing can be appended. If too many records are pending, it waits for a
// checkpoint.
func (l *Log) prepareAppend(ctx context.Context) error {
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

// now returns the time in ms since the Unix epoch.
func (l *Log) now() int64 { return l.Now().UnixMilli() }

// uptime returns the ms since the log was opened. Keys expire by uptime, because the clock may be set.
func (l *Log) uptime() int64 { return l.age().Milliseconds() }
