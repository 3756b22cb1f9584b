package boltlog

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	checkpointEvery   = 5 * time.Second // the longest that a record waits until it is its turn to be moved
	checkpointRecords = 16384           // that many are moved without waiting,
	checkpointBytes   = 8 << 20         // or so many bytes
	maxPending        = 65536           // records in memory beyond which Append waits for the checkpointer
	maxPendingBytes   = 64 << 20
)

// run is the checkpointer's goroutine. What is deleted or replaced is gone from live pages and from the
// write-ahead log when the round that moves the deletion ends: while the disk keeps up, after two times checkpointEvery at most.
func (l *Log) run() {
	defer close(l.done)
	tick := time.NewTimer(checkpointEvery)
	defer tick.Stop()
	failing, last := false, time.Now()
	for {
		select {
		case <-l.quit:
			return
		case <-tick.C:
		case <-l.full:
		}
		tick.Reset(checkpointEvery)
		now := time.Now()
		failing = l.report(l.checkpoint(newPace(l, now, now.Sub(last))), failing)
		last = now
	}
}

// report logs the first failure of a row and its end. What was not moved is tried again.
func (l *Log) report(err error, failing bool) bool {
	switch {
	case err != nil && !failing:
		l.Log.Error().Err(err).Msg("checkpoint failed")
	case err == nil && failing:
		l.Log.Info().Msg("checkpoint recovered")
	}
	return err != nil
}

// Checkpoint moves everything that has been appended to its place in the file, and trims the
// rooms to their history size.
func (l *Log) Checkpoint() error { return l.checkpoint(nil) }

// checkpoint moves what is pending. Appends go on meanwhile, in the other segment of the write-ahead log.
func (l *Log) checkpoint(p *throttle) error {
	if p == nil {
		l.waiters.Add(1)
		defer l.waiters.Add(-1)
		select {
		case l.wake <- struct{}{}:
		default: // it knows already
		}
	}
	l.checking.Lock()
	defer l.checking.Unlock()
	rotated := l.wal.Rotate() // a failed one keeps nothing from being moved
	if err := l.runRound(p); err != nil {
		return errors.Join(rotated, err)
	}
	return errors.Join(rotated, l.wal.Release(l.moved, p.scrubbing()))
}

// runRound moves what is pending now.
func (l *Log) runRound(p *throttle) error {
	groups := l.begin()
	if len(groups) > 0 {
		jobs := l.splitTx(groups, p.size())
		for i, j := range jobs {
			if err := l.db.Update(j.run); err != nil {
				return fmt.Errorf("checkpoint %s: %w", l.file, err)
			}
			l.finish(j)
			l.keysSaved(j)
			p.sleep(len(jobs) - 1 - i)
		}
		l.moved = groups[len(groups)-1].number
	}
	l.evictIdle()
	return nil
}

// begin is what is pending now. Only what comes from here on counts for the next round.
func (l *Log) begin() []*batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.newRecords, l.newBytes = 0, 0
	return slices.Clone(l.pending)
}

// finish forgets what the job has moved.
func (l *Log) finish(j *checkpointTx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, records := range j.rooms {
		r := l.rooms[name]
		r.num = j.places[name].num
		r.moved(records[len(records)-1].seq)
	}
	for _, g := range j.done {
		l.records -= len(g.records)
		l.bytes -= g.size
	}
	l.pending = slices.Delete(l.pending, 0, len(j.done)) // of the backing array too, which would keep the texts
}

// evictIdle forgets rooms that nobody has used since the last sweep, and keys that are too old.
func (l *Log) evictIdle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, r := range l.rooms {
		if !r.used && !r.staged && len(r.tail) == 0 {
			delete(l.rooms, name)
		}
		r.used = false
	}
	l.idem.rotate(l.uptime())
}
