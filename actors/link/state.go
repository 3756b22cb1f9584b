package link

import (
	"time"

	"chatnode/actors/process"
)

// state decides whether this node is connected to the other nodes. It is pure: events and ticks are its input, effects
// its output. It leaves modeHealthy at the first failure. It enters modeHealthy only after all checks have passed: a
// probe was received, a write succeeded, the rooms have caught up, and the journal is empty.
type state struct {
	mode           mode
	standalone     bool                            // there is no Redis, so there is nothing to probe
	cause          string                          // reason for a mode other than healthy
	announcedCause string                          // cause of the last announcement; empty: healthy, or none yet
	since          time.Time                       // start of the current health
	subscribed     bool                            // the subscriber is open
	lastProbeAt    time.Time                       // last probe or other delivery, or when the subscriber was opened
	passed         checks                          // since the last failure
	openAt         time.Time                       // time of the next attempt to open the subscriber
	probeAt        time.Time                       // time of the next probe
	pollAt         time.Time                       // time when lagging rooms are asked again
	lastFailureAt  time.Time                       // zero: none yet
	holdDown       time.Duration                   // without failures, before recovery starts; grows while it flaps
	attempts       int                             // to open the subscriber, since the last probe
	backoff        func(attempt int) time.Duration // System.Backoff
	effects        []effect
}

type mode uint8

const (
	modeConnecting mode = iota
	modeHealthy
	modeDegraded
	modeRecovering // the connection works; rooms catch up and the journal is replayed
)

var modeNames = [...]string{"connecting", "healthy", "degraded", "recovering"}

func (m mode) String() string { return modeNames[m] }

// checks is a set of properties of the link.
type checks uint8

const (
	checkProbe    checks = 1 << iota // a probe was received
	checkWrite                       // a write succeeded
	checkJournal                     // the journal is empty
	checkRooms                       // all rooms have caught up
	connectChecks = checkProbe | checkWrite
	allChecks     = connectChecks | checkJournal | checkRooms
)

// effect is an action that the state requests.
type effect uint8

const (
	effectOpen        effect = iota + 1 // open the subscriber
	effectClose                         // close the subscriber
	effectProbe                         // send a probe
	effectTestWrite                     // write something harmless
	effectAnnounce                      // announce the mode and the cause
	effectCatchUp                       // let all rooms read the log, and replay the journal
	effectPollLagging                   // ask the rooms that have not caught up again
)

const (
	tickInterval  = 250 * time.Millisecond
	probeInterval = time.Second
	probeTimeout  = 2500 * time.Millisecond // with tickInterval a broken link is detected within 3 s
	pollInterval  = 5 * time.Second

	flapWindow  = 15 * time.Second // a failure within this time after recovery is flapping
	minHoldDown = time.Second
	maxHoldDown = 8 * time.Second

	causeProbeLost = "Redis does not deliver messages: the probe of this node was not received."
	causeStart     = "Redis has not answered since the node started."
)

// takeEffects returns and removes the pending effects.
func (s *state) takeEffects() []effect {
	e := s.effects
	s.effects = nil
	return e
}

func (s *state) emit(e effect) { s.effects = append(s.effects, e) }

// start begins to connect.
func (s *state) start(now time.Time) {
	s.since, s.openAt = now, now
	s.emit(effectOpen)
}

// onOpened handles a subscriber that was opened.
func (s *state) onOpened(now time.Time) {
	s.subscribed, s.lastProbeAt, s.probeAt = true, now, now
	if s.standalone {
		s.pass(connectChecks, now)
	}
	s.tick(now)
}

// onProbe handles a probe that was received.
func (s *state) onProbe(now time.Time) {
	if !s.subscribed {
		return
	}
	s.lastProbeAt, s.attempts = now, 0
	s.pass(checkProbe, now)
}

// onTraffic handles any delivery. It proves that the link works, even if the probe is still queued behind other
// messages.
func (s *state) onTraffic(at time.Time) {
	if s.subscribed && at.After(s.lastProbeAt) {
		s.lastProbeAt = at
	}
}

// onWriteOK handles a successful write.
func (s *state) onWriteOK(now time.Time) { s.pass(checkWrite, now) }

// onReplayed handles the end of the replay: the journal is empty and all appends go to Redis again.
func (s *state) onReplayed(now time.Time) { s.finish(checkJournal, now) }

// onRoomsCaughtUp handles the end of the catch-up: all rooms have read the log since the recovery started.
func (s *state) onRoomsCaughtUp(now time.Time) { s.finish(checkRooms, now) }

// finish marks a check of the recovery as passed. If it was the last one, the link is healthy.
func (s *state) finish(c checks, now time.Time) {
	if s.mode != modeRecovering {
		return
	}
	if s.passed |= c; s.passed == allChecks {
		s.mode, s.cause, s.since = modeHealthy, "", now
		s.announce()
	}
}

func (s *state) announce() {
	s.announcedCause = s.cause
	s.emit(effectAnnounce)
}

// pass marks a check of the connection as passed. If it was the last one, the recovery starts.
func (s *state) pass(c checks, now time.Time) {
	s.passed |= c
	if now.Sub(s.lastFailureAt) < s.holdDown {
		return
	}
	if s.mode != modeHealthy && s.mode != modeRecovering && s.subscribed && s.passed&connectChecks == connectChecks {
		s.mode, s.pollAt = modeRecovering, now.Add(pollInterval)
		s.emit(effectCatchUp)
	}
}

// onFailure handles a failed call. disconnected means that the subscriber must be opened again.
func (s *state) onFailure(cause string, disconnected bool, now time.Time) {
	if disconnected {
		s.closeSubscriber(now)
	}
	s.passed = 0
	s.dampFlapping(now)
	switch {
	case s.mode == modeConnecting && now.Sub(s.since) < probeTimeout:
		s.cause = cause
	case s.mode == modeDegraded:
		s.changeCause(cause)
	default:
		if s.mode == modeHealthy {
			s.since = now
		}
		s.mode, s.cause, s.probeAt = modeDegraded, cause, now
		if s.announcedCause != cause { // a failure during recovery may already be announced
			s.announce()
		}
	}
}

// dampFlapping doubles the hold-down time if the link fails again soon after a recovery.
func (s *state) dampFlapping(now time.Time) {
	if s.mode == modeHealthy && !s.lastFailureAt.IsZero() {
		if s.holdDown = min(maxHoldDown, max(minHoldDown, 2*s.holdDown)); now.Sub(s.since) > flapWindow {
			s.holdDown = 0
		}
	}
	s.lastFailureAt = now
}

// changeCause announces a different cause. A lost probe is not announced, because it only follows from the first
// cause.
func (s *state) changeCause(cause string) {
	if cause == s.cause || cause == causeProbeLost {
		return
	}
	s.cause = cause
	s.announce()
}

// closeSubscriber closes the subscriber, and opens it again after a back-off.
func (s *state) closeSubscriber(now time.Time) {
	if s.subscribed {
		s.emit(effectClose)
	}
	s.subscribed = false
	s.attempts++
	s.openAt = now.Add(s.backoff(s.attempts))
}

// tick handles the passage of time. It is called every tickInterval.
func (s *state) tick(now time.Time) {
	if s.standalone {
		s.reopen(now)
		return
	}
	if s.subscribed && now.Sub(s.lastProbeAt) >= probeTimeout {
		s.onFailure(causeProbeLost, true, now)
	}
	if s.mode == modeConnecting && now.Sub(s.since) >= probeTimeout {
		if s.cause == "" {
			s.cause = causeStart
		}
		s.onFailure(s.cause, false, now)
	}
	s.reopen(now)
	if s.mode == modeRecovering && !now.Before(s.pollAt) {
		s.pollAt = now.Add(pollInterval)
		s.emit(effectPollLagging)
	}
	if s.subscribed && !now.Before(s.probeAt) {
		s.probeAt = now.Add(probeInterval)
		s.emit(effectProbe)
		if s.mode != modeHealthy {
			s.emit(effectTestWrite)
		}
	}
}

// reopen opens a closed subscriber if the back-off has passed.
func (s *state) reopen(now time.Time) {
	if !s.subscribed && !now.Before(s.openAt) {
		s.openAt = now.Add(process.MaxBackoff)
		s.emit(effectOpen)
	}
}
