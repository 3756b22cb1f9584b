package boltlog

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/chat"
)

const throttleRooms = 400

// fillRooms appends a message to each of throttleRooms rooms.
func fillRooms(t *testing.T, log *Log, n int) {
	t.Helper()
	var batch []chat.Write
	for room := range throttleRooms {
		batch = append(batch, message(fmt.Sprintf("room-%d", room), n))
	}
	mustAppend(t, log, batch...)
}

// pendingRooms returns the number of rooms with pending records.
func pendingRooms(log *Log) (n int) {
	log.mu.Lock()
	defer log.mu.Unlock()
	for _, r := range log.rooms {
		if len(r.tail) > 0 {
			n++
		}
	}
	return n
}

// TestThrottleSpreadsRound: the transactions of a round are evenly spread, and the round ends in time, including the
// wipe of the write-ahead log.
func TestThrottleSpreadsRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openInternal(t, Options{})
		fillRooms(t, log, 1)
		start, took := time.Now(), 2*time.Second
		done := make(chan error)
		go func() { done <- log.checkpoint(newThrottle(log, start, took)) }()
		for i := range 6 {
			<-time.After(took / 10)
			synctest.Wait()
			got, want := throttleRooms-pendingRooms(log), throttleRooms*(i+1)/7
			if got < want-smallTx.rooms || got > want+2*smallTx.rooms {
				t.Errorf("after %v of %v, %d of %d rooms are moved, want about %d", time.Since(start), took, got, throttleRooms, want)
			}
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); pendingRooms(log) > 0 || got < took/2 || got > took*95/100 {
			t.Errorf("%d rooms pending after %v, want none before %v", pendingRooms(log), got, took)
		}
	})
}

// TestCheckpointSkipsSleep: Checkpoint and Close end the sleep of a running round.
func TestCheckpointSkipsSleep(t *testing.T) {
	for name, call := range map[string]func(*Log) error{"Checkpoint": (*Log).Checkpoint, "Close": (*Log).Close} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := openInternal(t, Options{})
				fillRooms(t, log, 1)
				done := make(chan error)
				go func() { done <- log.checkpoint(newThrottle(log, time.Now(), 4*time.Second)) }()
				<-time.After(time.Second)
				synctest.Wait()
				if n := pendingRooms(log); n == 0 || n == throttleRooms {
					t.Fatalf("%d rooms pending, want some but not all", n)
				}
				start := time.Now()
				go func() { done <- call(log) }()
				for range 2 {
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
				if got := time.Since(start); pendingRooms(log) > 0 || got > 2*maxSleep {
					t.Errorf("%d rooms pending after %v, want none without sleep", pendingRooms(log), got)
				}
			})
		})
	}
}

// TestNoSleepWithManyPending: a round sleeps for its share of the time, at most maxSleep, and not at all if many
// records are pending.
func TestNoSleepWithManyPending(t *testing.T) {
	cases := map[string]struct {
		records, bytes, left int
		want                 time.Duration
	}{
		"few pending, many transactions left": {0, 0, 100, 10 * time.Millisecond},
		"few pending, few left":               {0, 0, 2, maxSleep},
		"few pending, none left":              {0, 0, 0, 0},
		"many records":                        {3 * checkpointRecords, 0, 100, 0},
		"many bytes":                          {0, 3 * checkpointBytes, 100, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				p := &throttle{log: &Log{records: c.records, bytes: c.bytes}}
				p.sleepShare(start.Add(time.Second), c.left)
				if got := time.Since(start); got != c.want {
					t.Errorf("slept %v, want %v", got, c.want)
				}
			})
		})
	}
}
