package boltlog

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	checkpointEvery   = 5 * time.Second // the longest that a record waits to be moved
	checkpointRecords = 16384           // that many are moved without waiting,
	checkpointBytes   = 8 << 20         // or so many bytes
	jobRecords        = 2048            // that many are moved in one transaction,
	jobBytes          = 1 << 20         // or so many bytes of texts: about twice as much must be free on the disk,
	jobRooms          = 32              // or of so many rooms: appends wait on the disk while their pages are written
	longestRest       = 50 * time.Millisecond
	maxPending        = 65536 // records in memory beyond which Append waits for the checkpointer
	maxPendingBytes   = 64 << 20
)

// run is the checkpointer's goroutine.
func (l *Log) run() {
	defer close(l.done)
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-l.quit:
			return
		case <-tick.C:
		case <-l.full:
		}
		failing = l.report(l.checkpoint(l.rest), failing)
	}
}

// report logs the first failure of a row and its end. What was not moved is tried again.
func (l *Log) report(err error, failing bool) bool {
	switch {
	case err != nil && !failing:
		l.Log.Error().Err(err).Msg("the log could not be checkpointed; trying again")
	case err == nil && failing:
		l.Log.Info().Msg("the log is checkpointed again")
	}
	return err != nil
}

// Checkpoint moves everything that has been appended to its place in the file, and trims the
// rooms to their history size.
func (l *Log) Checkpoint() error { return l.checkpoint(hurry) }

// hurry is no rest between two transactions.
func hurry(time.Duration) {}

// rest leaves the disk to the appends for as long as the last transaction took. There is none while very much is
// pending, or the log closes.
func (l *Log) rest(took time.Duration) {
	l.mu.Lock()
	behind := l.records >= 2*checkpointRecords || l.bytes >= 2*checkpointBytes
	l.mu.Unlock()
	if behind {
		return
	}
	select {
	case <-l.quit:
	case <-time.After(min(took, longestRest)):
	}
}

// checkpoint moves what is pending. Appends go on meanwhile, in the other segment of the write-ahead log.
func (l *Log) checkpoint(rest func(time.Duration)) error {
	l.checking.Lock()
	defer l.checking.Unlock()
	rotated := l.wal.Rotate() // a failed one keeps nothing from being moved
	if err := l.move(rest); err != nil {
		return errors.Join(rotated, err)
	}
	return errors.Join(rotated, l.wal.Release(l.moved))
}

// move moves what is pending now.
func (l *Log) move(rest func(time.Duration)) error {
	l.mu.Lock()
	groups := slices.Clone(l.pending)
	l.mu.Unlock()
	if len(groups) > 0 {
		for _, j := range l.jobs(groups) {
			begun := time.Now()
			if err := l.db.Update(j.run); err != nil {
				return fmt.Errorf("checkpoint %s: %w", l.file, err)
			}
			l.finish(j)
			rest(time.Since(begun))
		}
		l.moved = groups[len(groups)-1].number
	}
	l.sweep()
	return nil
}

// finish forgets what the job has moved.
func (l *Log) finish(j *job) {
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

// sweep forgets rooms that nobody has used since the last sweep, and keys that are too old.
func (l *Log) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, r := range l.rooms {
		if !r.used && !r.staged && len(r.tail) == 0 {
			delete(l.rooms, name)
		}
		r.used = false
	}
	l.idem.rotate(l.now())
}
