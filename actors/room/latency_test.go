package room

import (
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
)

func TestLatencySampleMeasuresOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s latencySample
		s.start("a", time.Now())
		actorstest.Pause(40 * time.Millisecond)
		s.start("b", time.Now())
		if _, ok := s.stop("b"); ok {
			t.Error("b was measured together with a")
		}
		actorstest.Pause(2 * time.Millisecond)
		if d, ok := s.stop("a"); !ok || d != 42*time.Millisecond {
			t.Errorf("a took %v, %t", d, ok)
		}
		if _, ok := s.stop("a"); ok {
			t.Error("a was measured twice")
		}
	})
}

func TestLatencySampleDiscardsLostWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s latencySample
		s.start("refused", time.Now())
		actorstest.Pause(maxLatency + time.Second)
		s.start("next", time.Now())
		actorstest.Pause(time.Millisecond)
		if d, ok := s.stop("next"); !ok || d != time.Millisecond {
			t.Errorf("next took %v, %t", d, ok)
		}
	})
}
