package link

import (
	"time"

	"chatnode/actors/process"
)

// linkState decides whether this node and the others are one chat: connecting, healthy, degraded or
// recovering. It is pure: facts and ticks go in, effects come out. Healthy is left at the first sign of
// trouble, and entered only once everything has been proven: that the node hears its own probe, that it
// can write, that its rooms have caught up, and that its journal is empty.
type LinkState struct {
	Mode    linkMode
	alone   bool      // there is no Redis: nothing to prove
	cause   string    // why it is not healthy
	told    string    // the cause that everybody was told last; empty: that all is well, or nothing yet
	since   time.Time // since when it is not
	Hearing bool      // the subscriber is open
	heard   time.Time // the last probe that came back, or when the subscriber was opened
	Proven  proof     // since the last failure
	dialAt  time.Time // when the subscriber may be opened again
	probeAt time.Time
	chaseAt time.Time     // when rooms that have not caught up are asked again
	lost    time.Time     // the last failure
	calm    time.Duration // without a failure before it counts as healed; grows while it flaps
	tries   int
	pause   func(try int) time.Duration // Backoff, but for tests
	effects []linkEffect
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

// proof is what has been shown to work since the last failure.
type proof uint8

const (
	ProvenHearing proof = 1 << iota // a probe has come back
	provenWriting                   // the store has taken a write
	provenReplay                    // the journal is empty
	ProvenRooms                     // all rooms have read what they may have missed
	provenLink    = ProvenHearing | provenWriting
	provenAll     = provenLink | provenReplay | ProvenRooms
)

type linkEffect uint8

const (
	linkDial   linkEffect = iota + 1 // open the subscriber
	linkHangUp                       // close it
	linkProbe                        // send a probe
	linkProve                        // write something harmless
	linkStatus                       // tell everybody the mode
	linkCatch                        // let all rooms read the log, and the journal be replayed
	linkChase                        // ask the rooms again that have not said that they did
)

const (
	probeEvery = time.Second
	deafAfter  = 2500 * time.Millisecond // silence that is a broken link: with the tick it is noticed within 3 s
	flapWithin = 15 * time.Second
	maxCalm    = 8 * time.Second
	linkTick   = 250 * time.Millisecond
	chaseEvery = 5 * time.Second
	causeDeaf  = "Redis does not deliver: the node does not hear its own probe"
	causeStart = "Redis has not answered since the node started"
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
	s.Hearing, s.heard, s.probeAt = true, now, now
	if s.alone {
		s.prove(provenLink, now)
	}
	s.tick(now)
}

// heardProbe is a probe that came back.
func (s *LinkState) heardProbe(now time.Time) {
	if !s.Hearing {
		return
	}
	s.heard, s.tries = now, 0
	s.prove(ProvenHearing, now)
}

// heardAnything is any delivery: a link that brings something is not deaf, if its own probe still waits
// its turn behind much else.
func (s *LinkState) heardAnything(at time.Time) {
	if s.Hearing && at.After(s.heard) {
		s.heard = at
	}
}

// wrote is a write that the store has taken.
func (s *LinkState) wrote(now time.Time) { s.prove(provenWriting, now) }

// replayed is the journal empty and every write on its way to Redis again.
func (s *LinkState) replayed(now time.Time) { s.recover(provenReplay, now) }

// caughtUp is every room having read the log since the link stands again.
func (s *LinkState) caughtUp(now time.Time) { s.recover(ProvenRooms, now) }

// recover takes the last steps to healthy.
func (s *LinkState) recover(p proof, now time.Time) {
	if s.Mode != LinkRecovering {
		return
	}
	if s.Proven |= p; s.Proven == provenAll {
		s.Mode, s.cause, s.since = linkHealthy, "", now
		s.tell()
	}
}

// tell lets everybody know.
func (s *LinkState) tell() {
	s.told = s.cause
	s.emit(linkStatus)
}

func (s *LinkState) prove(p proof, now time.Time) {
	s.Proven |= p
	if now.Sub(s.lost) < s.calm {
		return
	}
	if s.Mode != linkHealthy && s.Mode != LinkRecovering && s.Hearing && s.Proven&provenLink == provenLink {
		s.Mode, s.chaseAt = LinkRecovering, now.Add(chaseEvery)
		s.emit(linkCatch)
	}
}

// failed is any call that the link did not carry. deaf says that it was the subscriber's.
func (s *LinkState) failed(cause string, deaf bool, now time.Time) {
	if deaf {
		s.hangUp(now)
	}
	s.Proven = 0
	s.flap(now)
	switch {
	case s.Mode == linkConnecting && now.Sub(s.since) < deafAfter:
		s.cause = cause
	case s.Mode == LinkDegraded:
		s.changeCause(cause)
	default:
		if s.Mode == linkHealthy {
			s.since = now
		}
		s.Mode, s.cause, s.probeAt = LinkDegraded, cause, now
		if s.told != cause { // one that failed while it recovered may be known for it already
			s.tell()
		}
	}
}

// flap makes the link prove itself for longer where it was lost again soon after it had healed.
func (s *LinkState) flap(now time.Time) {
	if s.Mode == linkHealthy && !s.lost.IsZero() {
		if s.calm = min(maxCalm, max(time.Second, 2*s.calm)); now.Sub(s.since) > flapWithin {
			s.calm = 0
		}
	}
	s.lost = now
}

// changeCause tells of another cause, but not of every second symptom of one.
func (s *LinkState) changeCause(cause string) {
	if cause == s.cause || cause == causeDeaf {
		return
	}
	s.cause = cause
	s.tell()
}

// hangUp closes the subscriber and lets it be opened again after a pause.
func (s *LinkState) hangUp(now time.Time) {
	if s.Hearing {
		s.emit(linkHangUp)
	}
	s.Hearing = false
	s.tries++
	s.dialAt = now.Add(s.pause(s.tries))
}

// tick is time passing, every linkTick.
func (s *LinkState) tick(now time.Time) {
	if s.alone {
		s.tickAlone(now)
		return
	}
	if s.Hearing && now.Sub(s.heard) >= deafAfter {
		s.failed(causeDeaf, true, now)
	}
	if s.Mode == linkConnecting && now.Sub(s.since) >= deafAfter {
		if s.cause == "" {
			s.cause = causeStart
		}
		s.failed(s.cause, false, now)
	}
	if !s.Hearing && !now.Before(s.dialAt) {
		s.dialAt = now.Add(process.MaxBackoff)
		s.emit(linkDial)
	}
	if s.Mode == LinkRecovering && !now.Before(s.chaseAt) {
		s.chaseAt = now.Add(chaseEvery)
		s.emit(linkChase)
	}
	if s.Hearing && !now.Before(s.probeAt) {
		s.probeAt = now.Add(probeEvery)
		s.emit(linkProbe)
		if s.Mode != linkHealthy {
			s.emit(linkProve)
		}
	}
}

// tickAlone only opens the subscriber again where that has failed.
func (s *LinkState) tickAlone(now time.Time) {
	if !s.Hearing && !now.Before(s.dialAt) {
		s.dialAt = now.Add(process.MaxBackoff)
		s.emit(linkDial)
	}
}
