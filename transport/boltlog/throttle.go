package boltlog

import "time"

// A throttle spreads a round of the checkpointer over the time in which its records came: a burst of
// transactions would keep the disk from the appends. A nil pace hurries.
type throttle struct {
	log *Log
	// until when everything is to be moved, and the write-ahead log to be scrubbed
	moved, scrubbed time.Time
}

const maxSleep = 50 * time.Millisecond

// newPace is the pace of a round that begins now, for records that came within took. A little of
// that time is left: a round has to be at its end when the next one is due.
func newPace(l *Log, now time.Time, took time.Duration) *throttle {
	took = min(took, checkpointEvery)
	return &throttle{log: l, moved: now.Add(took * 7 / 10), scrubbed: now.Add(took * 9 / 10)}
}

// size is how large the round's transactions may be.
func (p *throttle) size() txLimits {
	if p == nil {
		return largeTx
	}
	return smallJobs
}

// sleep is called between two transactions, with how many are to come.
func (p *throttle) sleep(left int) {
	if p != nil {
		p.until(p.moved, left)
	}
}

// scrubbing is the same for the pieces of the write-ahead log that are scrubbed.
func (p *throttle) scrubbing() func(left int) {
	if p == nil {
		return nil
	}
	return func(left int) { p.until(p.scrubbed, left) }
}

// until rests for as long as each of what is left may take until the end. There is no rest while very much
// is pending, somebody waits for the round, or the log closes.
func (p *throttle) until(end time.Time, left int) {
	if left == 0 || p.log.mustHurry() {
		return
	}
	rest := time.NewTimer(min(time.Until(end)/time.Duration(left), maxSleep))
	defer rest.Stop()
	select {
	case <-p.log.quit:
	case <-p.log.wake:
	case <-rest.C:
	}
}

// mustHurry reports whether a round has no time to rest.
func (l *Log) mustHurry() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiters.Load() > 0 || l.records >= 3*checkpointRecords || l.bytes >= 3*checkpointBytes
}
