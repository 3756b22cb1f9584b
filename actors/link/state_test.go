package link

import (
	"slices"
	"testing"
	"time"
)

// newState returns a state that has started to connect.
func newState(now time.Time) *state {
	s := &state{backoff: func(int) time.Duration { return time.Second }}
	s.start(now)
	s.takeEffects()
	return s
}

// A node that recovers without having announced a failure announces the next failure (INV-5).
func TestUnannouncedFailureIsAnnounced(t *testing.T) {
	now := time.Unix(100, 0)
	s := newState(now)
	s.onFailure("down", false, now)
	s.onOpened(now)
	s.onProbe(now)
	s.onWriteOK(now)
	if s.mode != modeRecovering {
		t.Fatalf("mode %v, want recovering", s.mode)
	}
	s.takeEffects()
	s.onFailure("down", false, now.Add(time.Second))
	if !slices.Contains(s.takeEffects(), effectAnnounce) {
		t.Error("first failure was not announced")
	}
	s.onProbe(now.Add(time.Second))
	s.onWriteOK(now.Add(time.Second))
	s.takeEffects()
	s.onFailure("down", false, now.Add(2*time.Second))
	if slices.Contains(s.takeEffects(), effectAnnounce) {
		t.Error("same cause was announced twice")
	}
}

// The link is healthy when the journal is empty and all rooms have caught up, in either order (INV-5).
func TestHealthyAfterAllChecks(t *testing.T) {
	steps := []func(*state, time.Time){(*state).onReplayed, (*state).onRoomsCaughtUp}
	for _, first := range []int{0, 1} {
		now := time.Unix(100, 0)
		s := newState(now)
		s.onOpened(now)
		s.onProbe(now)
		s.onWriteOK(now)
		s.takeEffects()
		s.onTraffic(now.Add(pollInterval))
		s.tick(now.Add(pollInterval))
		if !slices.Contains(s.takeEffects(), effectPollLagging) {
			t.Error("lagging rooms were not asked again")
		}
		steps[first](s, now)
		if s.mode != modeRecovering {
			t.Fatalf("mode %v after step %d alone, want recovering", s.mode, first)
		}
		steps[1-first](s, now)
		if s.mode != modeHealthy || !slices.Contains(s.takeEffects(), effectAnnounce) {
			t.Errorf("mode %v, want an announced healthy", s.mode)
		}
	}
}
