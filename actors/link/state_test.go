package link

import (
	"slices"
	"testing"
	"time"
)

// newLink is a link that has just begun to connect.
func newLink(now time.Time) *LinkState {
	s := &LinkState{pause: func(int) time.Duration { return time.Second }}
	s.start(now)
	s.take()
	return s
}

// A node that was about to be well, without ever having said otherwise, says so when it fails (INV-5).
func TestWhatNobodyWasToldIsNotKnown(t *testing.T) {
	now := time.Unix(100, 0)
	s := newLink(now)
	s.onFailure("down", false, now)
	s.opened(now)
	s.onProbe(now)
	s.onWriteOK(now)
	if s.Mode != LinkRecovering {
		t.Fatalf("the link is %v", s.Mode)
	}
	s.take()
	s.onFailure("down", false, now.Add(time.Second))
	if !slices.Contains(s.take(), linkStatus) {
		t.Error("it is degraded and says nothing")
	}
	s.onProbe(now.Add(time.Second))
	s.onWriteOK(now.Add(time.Second))
	s.take()
	s.onFailure("down", false, now.Add(2*time.Second))
	if slices.Contains(s.take(), linkStatus) {
		t.Error("it says a second time what all know")
	}
}

// Well is said when the journal is empty and all rooms have caught up, in either order (INV-5).
func TestWellIsSaidWhenAllIsProven(t *testing.T) {
	steps := []func(*LinkState, time.Time){(*LinkState).onReplayed, (*LinkState).onRoomsCaughtUp}
	for _, first := range []int{0, 1} {
		now := time.Unix(100, 0)
		s := newLink(now)
		s.opened(now)
		s.onProbe(now)
		s.onWriteOK(now)
		s.take()
		s.onTraffic(now.Add(catchUpPollInterval))
		s.tick(now.Add(catchUpPollInterval))
		if !slices.Contains(s.take(), linkPollLagging) {
			t.Error("rooms that are late are not asked again")
		}
		steps[first](s, now)
		if s.Mode != LinkRecovering {
			t.Fatalf("after step %d alone the link is %v", first, s.Mode)
		}
		steps[1-first](s, now)
		if s.Mode != linkHealthy || !slices.Contains(s.take(), linkStatus) {
			t.Errorf("the link is %v", s.Mode)
		}
	}
}
