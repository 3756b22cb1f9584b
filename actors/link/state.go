package link

import (
	"time"

	"chatnode/actors/process"
)

// LinkState decides whether this node and the others are one chat: connecting, healthy, degraded or
// recovering. It is pure: facts and ticks go in, effects come out. Healthy is left at the first sign of
// trouble, and entered only once everything has been proven: that the node hears its own probe, that it
// can write, that its rooms have caught up, and that its journal is empty.
type LinkState struct {
	Mode           linkMode
	standalone     bool       // there is no Redis: nothing to prove
	cause          string     // why it is not healthy
	announcedCause string     // the cause that everybody was told last; empty: that all is well, or nothing yet
	since          time.Time  // since when it is not
	Subscribed     bool       // the subscriber is open
	lastProbeAt    time.Time  // the last probe that came back, or when the subscriber was opened
	Passed         linkChecks // since the last failure
	dialAt         time.Time  // when the subscriber may be opened again
	probeAt        time.Time
	chaseAt        time.Time     // when rooms that have not caught up are asked again
	lastFailureAt  time.Time     // the last failure
	holdDown       time.Duration // without a failure before it counts as healed; grows while it flaps
	tries          int
	pause          func(try int) time.Duration // Backoff, but for tests
	effects        []linkEffect
}

type linkMode uint8

const (
	linkConnecting linkMode = iota
	linkHealthy
	LinkDegraded
	LinkRecovering
)

var linkModeNames = [...]string{"connecting", "healthy", "degraded", "recovering"}

func (m linkMode) String() string { return linkModeNames[m] }

// linkChecks is what has been shown to work since the last failure.
type linkChecks uint8

const (
	CheckSubscribe linkChecks = 1 << iota // a probe has come back
	checkWrite                            // the store has taken a write
	checkReplay                           // the journal is empty
	CheckRooms                            // all rooms have read what they may have missed
	provenLink     = CheckSubscribe | checkWrite
	provenAll      = provenLink | checkReplay | CheckRooms
)

type linkEffect uint8

const (
	linkDial        linkEffect = iota + 1 // open the subscriber
	linkHangUp                            // close it
	linkProbe                             // send a probe
	linkTestWrite                         // write something harmless
	linkStatus                            // tell everybody the mode
	linkCatchUp                           // let all rooms read the log, and the journal be replayed
	linkPollLagging                       // ask the rooms again that have not said that they did
)

const (
	probeInterval       = time.Second
	probeTimeout        = 2500 * time.Millisecond // silence that is a broken link: with the tick it is noticed within 3 s
	flapWithin          = 15 * time.Second
	maxCalm             = 8 * time.Second
	linkTick            = 250 * time.Millisecond
	catchUpPollInterval = 5 * time.Second
	causeProbeLost      = "Redis does not deliver: the node does not hear its own probe"
	causeStart          = "Redis has not answered since the node started"
)

func (s *LinkState) take() []linkEffect {
	e := s.effects
	s.effects = nil
	return e
}

func (s *LinkState) emit(e linkEffect) { s.effects = append(s.effects, e) }

// start begins to connect.
func (s *LinkState) start(now time.Time) {
	s.since, s.dialAt = now, now
	s.emit(linkDial)
}

// opened is the subscriber's connection standing.
func (s *LinkState) opened(now time.Time) {
	s.Subscribed, s.lastProbeAt, s.probeAt = true, now, now
	if s.standalone {
		s.pass(provenLink, now)
	}
	s.tick(now)
}

// onProbe is a probe that came back.
func (s *LinkState) onProbe(now time.Time) {
	if !s.Subscribed {
		return
	}
	s.lastProbeAt, s.tries = now, 0
	s.pass(CheckSubscribe, now)
}

// onTraffic is any delivery: a link that brings something is not deaf, if its own probe still waits
// its turn behind much else.
func (s *LinkState) onTraffic(at time.Time) {
	if s.Subscribed && at.After(s.lastProbeAt) {
		s.lastProbeAt = at
	}
}

// onWriteOK is a write that the store has taken.
func (s *LinkState) onWriteOK(now time.Time) { s.pass(checkWrite, now) }

// onReplayed is the journal empty and every write on its way to Redis again.
func (s *LinkState) onReplayed(now time.Time) { s.recover(checkReplay, now) }

// onRoomsCaughtUp is every room having read the log since the link stands again.
func (s *LinkState) onRoomsCaughtUp(now time.Time) { s.recover(CheckRooms, now) }

// recover takes the last steps to healthy.
func (s *LinkState) recover(p linkChecks, now time.Time) {
	if s.Mode != LinkRecovering {
		return
	}
	if s.Passed |= p; s.Passed == provenAll {
		s.Mode, s.cause, s.since = linkHealthy, "", now
		s.announce()
	}
}

// announce lets everybody know.
func (s *LinkState) announce() {
	s.announcedCause = s.cause
	s.emit(linkStatus)
}

func (s *LinkState) pass(p linkChecks, now time.Time) {
	s.Passed |= p
	if now.Sub(s.lastFailureAt) < s.holdDown {
		return
	}
	if s.Mode != linkHealthy && s.Mode != LinkRecovering && s.Subscribed && s.Passed&provenLink == provenLink {
		s.Mode, s.chaseAt = LinkRecovering, now.Add(catchUpPollInterval)
		s.emit(linkCatchUp)
	}
}

// onFailure is any call that the link did not carry. deaf says that it was the subscriber's.
func (s *LinkState) onFailure(cause string, deaf bool, now time.Time) {
	if deaf {
		s.hangUp(now)
	}
	s.Passed = 0
	s.dampFlapping(now)
	switch {
	case s.Mode == linkConnecting && now.Sub(s.since) < probeTimeout:
		s.cause = cause
	case s.Mode == LinkDegraded:
		s.changeCause(cause)
	default:
		if s.Mode == linkHealthy {
			s.since = now
		}
		s.Mode, s.cause, s.probeAt = LinkDegraded, cause, now
		if s.announcedCause != cause { // one that failed while it recovered may be known for it already
			s.announce()
		}
	}
}

// dampFlapping makes the link prove itself for longer where it was lost again soon after it had healed.
func (s *LinkState) dampFlapping(now time.Time) {
	if s.Mode == linkHealthy && !s.lastFailureAt.IsZero() {
		if s.holdDown = min(maxCalm, max(time.Second, 2*s.holdDown)); now.Sub(s.since) > flapWithin {
			s.holdDown = 0
		}
	}
	s.lastFailureAt = now
}

// changeCause tells of another cause, but not of every second symptom of one.
func (s *LinkState) changeCause(cause string) {
	if cause == s.cause || cause == causeProbeLost {
		return
	}
	s.cause = cause
	s.announce()
}

// hangUp closes the subscriber and lets it be opened again after a pause.
func (s *LinkState) hangUp(now time.Time) {
	if s.Subscribed {
		s.emit(linkHangUp)
	}
	s.Subscribed = false
	s.tries++
	s.dialAt = now.Add(s.pause(s.tries))
}

// tick is time passing, every linkTick.
func (s *LinkState) tick(now time.Time) {
	if s.standalone {
		s.tickAlone(now)
		return
	}
	if s.Subscribed && now.Sub(s.lastProbeAt) >= probeTimeout {
		s.onFailure(causeProbeLost, true, now)
	}
	if s.Mode == linkConnecting && now.Sub(s.since) >= probeTimeout {
		if s.cause == "" {
			s.cause = causeStart
		}
		s.onFailure(s.cause, false, now)
	}
	if !s.Subscribed && !now.Before(s.dialAt) {
		s.dialAt = now.Add(process.MaxBackoff)
		s.emit(linkDial)
	}
	if s.Mode == LinkRecovering && !now.Before(s.chaseAt) {
		s.chaseAt = now.Add(catchUpPollInterval)
		s.emit(linkPollLagging)
	}
	if s.Subscribed && !now.Before(s.probeAt) {
		s.probeAt = now.Add(probeInterval)
		s.emit(linkProbe)
		if s.Mode != linkHealthy {
			s.emit(linkTestWrite)
		}
	}
}

// tickAlone only opens the subscriber again where that has failed.
func (s *LinkState) tickAlone(now time.Time) {
	if !s.Subscribed && !now.Before(s.dialAt) {
		s.dialAt = now.Add(process.MaxBackoff)
		s.emit(linkDial)
	}
}
