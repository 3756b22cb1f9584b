package process

import (
	"testing"
	"testing/synctest"
)

// Who lends its goroutine to a process that gets ever more to do is given it back: bridge_out would work for one
// busy room only, and no other room's writes be stored.
func TestInlineRunIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const all = 1000
		handled, came := 0, make(chan struct{})
		p := newTestSystem(t).spawn(8, actorFunc(func(self *Process, msg any) {
			if n, ok := msg.(int); ok && n < all {
				if handled = n; n == maxBatchesInline+1 {
					<-came // whoever goes on is somebody else
				}
				self.Post(n + 1)
			}
		}))
		synctest.Wait()
		if err := p.Inline().WaitPost(1); err != nil {
			t.Fatal(err)
		}
		close(came)
		synctest.Wait()
		if handled != all-1 {
			t.Fatalf("%d of %d messages were handled", handled, all-1)
		}
		<-p.Stop()
	})
}
