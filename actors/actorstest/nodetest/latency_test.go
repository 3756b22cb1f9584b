package nodetest

import (
	"testing"
	"testing/synctest"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// One message is counted once per stage, whatever the number of members.
func TestMessageLatencyCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		for range 10 {
			r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		}
		synctest.Wait()
		before, _, _ := r.core.Stats().Writes.FanOut.Read()
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "hello"})
		synctest.Wait()
		s := r.core.Figures
		appends, _, _ := s.Bus.Append.Read()
		deliveries, _, _ := s.Chat.Delivery.Read()
		passes, _, _ := s.Writes.FanOut.Read()
		if appends != 1 || deliveries != 1 || s.Bus.Appended.Load() != 1 || passes-before > uint64(len(r.core.Writers)) || passes == before {
			t.Errorf("%d appends, %d deliveries, %d passes on %d writers", appends, deliveries, passes-before, len(r.core.Writers))
		}
	})
}
