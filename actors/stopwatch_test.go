package actors

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

func TestStopwatchTimesOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s stopwatch
		s.start("a", time.Now())
		pause(40 * time.Millisecond)
		s.start("b", time.Now())
		if _, ok := s.stop("b"); ok {
			t.Error("b was timed beside a")
		}
		pause(2 * time.Millisecond)
		if d, ok := s.stop("a"); !ok || d != 42*time.Millisecond {
			t.Errorf("a took %v, %t", d, ok)
		}
		if _, ok := s.stop("a"); ok {
			t.Error("a was timed twice")
		}
	})
}

func TestStopwatchGivesUpWhatIsNeverShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s stopwatch
		s.start("refused", time.Now())
		pause(stuckAfter + time.Second)
		s.start("next", time.Now())
		pause(time.Millisecond)
		if d, ok := s.stop("next"); !ok || d != time.Millisecond {
			t.Errorf("next took %v, %t", d, ok)
		}
	})
}

// One message passes every stage once, whatever the number of members.
func TestLatenciesOfAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		a := r.connect(Arrival{Identity: asMember("ann")})
		for range 10 {
			r.connect(Arrival{Identity: asMember("bob")})
		}
		synctest.Wait()
		before, _, _ := r.core.Stats().Writes.FanOut.Read()
		a.do(wire.Command{Type: wire.SendMessage, ID: "1", Message: "hello"})
		synctest.Wait()
		s := r.core.stats
		appends, _, _ := s.Bus.Append.Read()
		shown, _, _ := s.Chat.Delivery.Read()
		passes, _, _ := s.Writes.FanOut.Read()
		if appends != 1 || shown != 1 || s.Bus.Appended.Load() != 1 || passes-before > uint64(len(r.core.writers)) || passes == before {
			t.Errorf("%d appends, %d deliveries, %d passes on %d writers", appends, shown, passes-before, len(r.core.writers))
		}
	})
}
