package boltlog

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Limits of the checkpointer.
const (
	checkpointInterval = 5 * time.Second // between the starts of two rounds
	checkpointRecords  = 16384           // a round starts early at this number of records
	checkpointBytes    = 8 << 20         // or of bytes
	maxPending         = 65536           // Append waits for the checkpointer at this number of records
	maxPendingBytes    = 64 << 20        // or of bytes
)

// run is the goroutine of the checkpointer. Deleted and replaced texts are gone from live pages and from the
// write-ahead log at the end of the round that moves the deletion. If the disk keeps up, this is after at most two
// times checkpointInterval.
func (l *Log) run() {
	defer close(l.done)
	tick := time.NewTimer(checkpointInterval)
	defer tick.Stop()
	failing, last := false, time.Now()
	for {
		select {
		case <-l.quit:
			return
		case <-tick.C:
		case <-l.due:
		}
		tick.Reset(checkpointInterval)
		now := time.Now()
		failing = l.logResult(l.checkpoint(newThrottle(l, now, now.Sub(last))), failing)
		last = now
	}
}

// logResult logs the first of consecutive failures, and the first success after them. The next round retries the
// records of a failed one.
func (l *Log) logResult(err error, failing bool) bool {
	switch {
	case err != nil && !failing:
		l.Log.Error().Err(err).Msg("checkpoint failed")
	case err == nil && failing:
		l.Log.Info().Msg("checkpoint recovered")
	}
	return err != nil
}

// Checkpoint moves all appended records to the file, and trims the rooms to their history size.
func (l *Log) Checkpoint() error { return l.checkpoint(nil) }

// checkpoint moves the pending records. Appends continue in the other segment of the write-ahead log. t is nil for a
// round without sleep.
func (l *Log) checkpoint(t *throttle) error {
	if t == nil {
		l.waiters.Add(1)
		defer l.waiters.Add(-1)
		select {
		case l.wake <- struct{}{}:
		default: // the signal is already set
		}
	}
	l.checkpointMu.Lock()
	defer l.checkpointMu.Unlock()
	rotated := l.wal.Rotate() // after an error the records can still be moved
	if err := l.runRound(t); err != nil {
		return errors.Join(rotated, err)
	}
	return errors.Join(rotated, l.wal.Release(l.movedUpTo, t.wipeSleep()))
}

// runRound moves the records that are pending now.
func (l *Log) runRound(t *throttle) error {
	batches := l.startRound()
	if len(batches) > 0 {
		txs := l.splitTx(batches, t.limits())
		for i, c := range txs {
			if err := l.db.Update(c.run); err != nil {
				return fmt.Errorf("checkpoint %s: %w", l.file.Path, err)
			}
			l.finishTx(c)
			l.noteSavedKeys(c)
			t.sleep(len(txs) - 1 - i)
		}
		l.movedUpTo = batches[len(batches)-1].number
	}
	l.evictIdle()
	return nil
}

// startRound returns the pending batches. Records that are appended later count for the next round.
func (l *Log) startRound() []*batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.roundRecords, l.roundBytes = 0, 0
	return slices.Clone(l.pending)
}

// finishTx removes the moved records from memory.
func (l *Log) finishTx(c *checkpointTx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, records := range c.rooms {
		r := l.rooms[name]
		r.num = c.metas[name].num
		r.dropMoved(records[len(records)-1].seq)
	}
	for _, b := range c.batches {
		l.records -= len(b.records)
		l.bytes -= b.bytes
	}
	l.pending = slices.Delete(l.pending, 0, len(c.batches)) // zeroes the freed elements, which contain texts
}

// evictIdle removes rooms that were not used since the last round, and expired keys.
func (l *Log) evictIdle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, r := range l.rooms {
		if !r.used && !r.staged && len(r.tail) == 0 {
			delete(l.rooms, name)
		}
		r.used = false
	}
	l.keys.rotate(l.uptime())
}
