package process

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lingerer records its batches, and calls Linger after each one.
type lingerer struct {
	batches [][]any
	d       time.Duration
	until   int
}

func (n *lingerer) Receive(*Process, any) {}

func (n *lingerer) ReceiveBatch(self *Process, msgs []any) {
	n.batches = append(n.batches, slices.Clone(msgs))
	if msgs[0] != "end" {
		self.Linger(n.d, n.until, "end")
	}
}

// Messages that arrive during a linger are handled in one batch at its end.
func TestLingerBatchesMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &lingerer{d: 4 * time.Millisecond, until: 10}
		p := newTestSystem(t).spawn(100, n)
		for _, msg := range []any{"a", "b", "c", "d"} {
			if err := p.TryPost(msg); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			<-time.After(time.Millisecond)
		}
		<-time.After(time.Second)
		synctest.Wait()
		if want := [][]any{{"a"}, {"b", "c", "d", "end"}, {"end"}}; !slices.EqualFunc(n.batches, want, slices.Equal) {
			t.Fatalf("batches %v, want %v", n.batches, want)
		}
		<-p.Stop()
	})
}

// Enough messages end a linger early. Its timer does not end a later one.
func TestLingerEndsWithFullBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &lingerer{d: time.Hour, until: 3}
		p := newTestSystem(t).spawn(100, n)
		for i := range 7 {
			_ = p.TryPost(i)
			synctest.Wait()
		}
		if want := [][]any{{0}, {1, 2, 3}, {4, 5, 6}}; !slices.EqualFunc(n.batches, want, slices.Equal) {
			t.Fatalf("batches %v, want %v", n.batches, want)
		}
		startedAt := time.Now()
		_ = p.TryPost("last")
		<-p.Stop() // waits for the end of the linger
		if took := time.Since(startedAt); took != time.Hour {
			t.Fatalf("the third linger took %v, want 1h", took)
		}
		if last := n.batches[len(n.batches)-1]; !slices.Equal(last, []any{"last"}) {
			t.Fatalf("last batch %v, want [last]", last)
		}
	})
}

// No message is lost if senders and the end of a linger race.
func TestLingerLosesNoWakeUp(t *testing.T) {
	const senders, each = 4, 2000
	got := 0
	done := make(chan struct{})
	var p *Process
	p = newTestSystem(t).spawn(100, batchFunc(func(msgs []any) {
		for _, m := range msgs {
			if m == 1 {
				got++
			}
		}
		if got == senders*each {
			close(done)
			got++
		}
		p.Linger(20*time.Microsecond, 8, 0)
	}))
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for range each {
				if err := p.WaitPost(1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	<-done
}
