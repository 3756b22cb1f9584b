package boltlog

import "time"

// throttle spreads a round of the checkpointer over the interval in which its records arrived, because a burst of
// transactions would delay appends. A nil throttle never sleeps.
type throttle struct {
	log                  *Log
	moveUntil, wipeUntil time.Time // ends of the two phases of the round
}

// maxSleep is the longest sleep between two steps of a round.
const maxSleep = 50 * time.Millisecond

// newThrottle returns the throttle of a round that starts now, for records that arrived within took. The round uses
// only a part of this time, so that it ends before the next one is due.
func newThrottle(l *Log, now time.Time, took time.Duration) *throttle {
	took = min(took, checkpointInterval)
	return &throttle{log: l, moveUntil: now.Add(took * 7 / 10), wipeUntil: now.Add(took * 9 / 10)}
}

// limits returns the limits of the round's transactions.
func (t *throttle) limits() txLimits {
	if t == nil {
		return largeTx
	}
	return smallTx
}

// sleep sleeps between two transactions. left is the number of remaining transactions.
func (t *throttle) sleep(left int) {
	if t != nil {
		t.sleepShare(t.moveUntil, left)
	}
}

// wipeSleep returns the function that sleeps between two chunks when the write-ahead log is wiped.
func (t *throttle) wipeSleep() func(left int) {
	if t == nil {
		return nil
	}
	return func(left int) { t.sleepShare(t.wipeUntil, left) }
}

// sleepShare sleeps for an equal share of the time until end. It does not sleep if many records are pending, a caller
// waits for the round, or the log is being closed.
func (t *throttle) sleepShare(end time.Time, left int) {
	if left == 0 || t.log.mustHurry() {
		return
	}
	rest := time.NewTimer(min(time.Until(end)/time.Duration(left), maxSleep))
	defer rest.Stop()
	select {
	case <-t.log.quit:
	case <-t.log.wake:
	case <-rest.C:
	}
}

// mustHurry reports whether a round must not sleep.
func (l *Log) mustHurry() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiters.Load() > 0 || l.records >= 3*checkpointRecords || l.bytes >= 3*checkpointBytes
}
