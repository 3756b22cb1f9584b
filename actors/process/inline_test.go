package process

import (
	"testing"
	"testing/synctest"
)

// An inline run ends after maxBatchesInline batches and continues on another goroutine. Otherwise bridge_out would run
// one busy room and append no writes of other rooms.
func TestInlineRunIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const all = 1000
		handled, returned := 0, make(chan struct{})
		p := newTestSystem(t).spawn(8, actorFunc(func(self *Process, msg any) {
			if n, ok := msg.(int); ok && n < all {
				if handled = n; n == maxBatchesInline+1 {
					<-returned // deadlocks if this runs on the goroutine of the sender
				}
				self.Post(n + 1)
			}
		}))
		synctest.Wait()
		if err := p.Inline().WaitPost(1); err != nil {
			t.Fatal(err)
		}
		close(returned)
		synctest.Wait()
		if handled != all-1 {
			t.Fatalf("%d of %d messages handled", handled, all-1)
		}
		<-p.Stop()
	})
}
