package boltlog

import (
	"fmt"
	"time"
)

const (
	checkpointEvery   = time.Second // the longest that a record waits in the wal
	checkpointRecords = 4096        // that many are moved without waiting
	jobRecords        = 1024        // that many are moved in one transaction, which appends wait for,
	jobBytes          = 1 << 20     // or so many bytes of texts
	roundBytes        = 2 << 20     // moved before that much of the wal is free again: about twice as much must be free
	maxPending        = 65536       // records in memory beyond which Append waits for the checkpointer
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
		failing = l.report(l.checkpoint(), failing)
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
func (l *Log) Checkpoint() error { return l.checkpoint() }

func (l *Log) checkpoint() error {
	l.checking.Lock()
	defer l.checking.Unlock()
	last := l.newest()
	for groups := l.round(last); len(groups) > 0; groups = l.round(last) {
		for _, j := range l.jobs(groups) {
			if err := l.db.Update(j.run); err != nil {
				return fmt.Errorf("checkpoint %s: %w", l.file, err)
			}
			l.finish(j)
		}
	}
	l.sweep()
	return nil
}

// newest is the number of the newest batch that is pending; what comes later is for the next checkpoint.
func (l *Log) newest() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) == 0 {
		return 0
	}
	return l.pending[len(l.pending)-1].key
}

// round is the oldest batches up to last, all of which are moved before they are taken out of the wal.
func (l *Log) round(last uint64) []*group {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, size := 0, 0
	for n < len(l.pending) && l.pending[n].key <= last && size < roundBytes {
		size += l.pending[n].size
		n++
	}
	return l.pending[:n:n]
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
	l.pending = l.pending[len(j.done):]
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
