package boltlog

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/chat"
)

const pacedRooms = 400

// crowd appends a message in each of many rooms.
func crowd(t *testing.T, log *Log, n int) {
	t.Helper()
	var batch []chat.Write
	for room := range pacedRooms {
		batch = append(batch, message(fmt.Sprintf("room-%d", room), n))
	}
	mustAppend(t, log, batch...)
}

// waiting is in how many rooms something is pending.
func waiting(log *Log) (n int) {
	log.mu.Lock()
	defer log.mu.Unlock()
	for _, r := range log.rooms {
		if len(r.tail) > 0 {
			n++
		}
	}
	return n
}

// TestARoundIsSpread: the transactions of a round come evenly over the time that it has, and it is at its end, the
// write-ahead log scrubbed, before that is over.
func TestARoundIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := openInside(t, Options{})
		crowd(t, log, 1)
		begun, took := time.Now(), 2*time.Second
		done := make(chan error)
		go func() { done <- log.checkpoint(newPace(log, begun, took)) }()
		for i := range 6 {
			<-time.After(took / 10)
			synctest.Wait()
			got, want := pacedRooms-waiting(log), pacedRooms*(i+1)/7
			if got < want-smallJobs.rooms || got > want+2*smallJobs.rooms {
				t.Errorf("after %v of %v %d rooms of %d are moved, want about %d", time.Since(begun), took, got, pacedRooms, want)
			}
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got := time.Since(begun); waiting(log) > 0 || got < took/2 || got > took*95/100 {
			t.Errorf("%d rooms are left after %v, want none well before %v", waiting(log), got, took)
		}
	})
}

// TestHurryEndsTheRests: who needs the round to end does not wait for its rests.
func TestHurryEndsTheRests(t *testing.T) {
	for name, hurry := range map[string]func(*Log) error{"Checkpoint": (*Log).Checkpoint, "Close": (*Log).Close} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := openInside(t, Options{})
				crowd(t, log, 1)
				done := make(chan error)
				go func() { done <- log.checkpoint(newPace(log, time.Now(), 4*time.Second)) }()
				<-time.After(time.Second)
				synctest.Wait()
				if n := waiting(log); n == 0 || n == pacedRooms {
					t.Fatalf("%d rooms are left, want a part", n)
				}
				begun := time.Now()
				go func() { done <- hurry(log) }()
				for range 2 {
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
				if got := time.Since(begun); waiting(log) > 0 || got > 2*maxSleep {
					t.Errorf("%d rooms are left after %v", waiting(log), got)
				}
			})
		})
	}
}

// TestNoRestWithMuchPending: a round rests for a share of its time and never long; with very much pending it does not.
func TestNoRestWithMuchPending(t *testing.T) {
	cases := map[string]struct {
		records, bytes, left int
		want                 time.Duration
	}{
		"little, and many transactions left": {0, 0, 100, 10 * time.Millisecond},
		"little, and few left":               {0, 0, 2, maxSleep},
		"little, and none left":              {0, 0, 0, 0},
		"many records":                       {3 * checkpointRecords, 0, 100, 0},
		"many bytes":                         {0, 3 * checkpointBytes, 100, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				p := &throttle{log: &Log{records: c.records, bytes: c.bytes}}
				p.until(begun.Add(time.Second), c.left)
				if got := time.Since(begun); got != c.want {
					t.Errorf("a rest of %v, want %v", got, c.want)
				}
			})
		})
	}
}
