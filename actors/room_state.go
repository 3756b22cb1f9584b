package actors

import (
	"time"

	"chatnode/actors/wire"
)

// roomState decides what a room shows and in which order. It is pure: events go in through its
// methods, effects come out; it has no clock, no I/O, no goroutine. The log is the authority: what
// is delivered is shown only in its place, a hole is read from the log, and what the log no longer
// has is skipped with a resync.
type roomState struct {
	epoch   string
	last    uint64 // newest seq shown, or passed by
	known   uint64 // newest seq that is known to exist
	ring    ring
	held    map[uint64]Entry // delivered ahead of a hole
	reading bool             // one read of the log is under way
	owed    bool             // the last one has failed, and is to be made again whatever is known by now
	old     bool             // the one under way may be too old: another one is to follow
	stuck   int              // reads in a row that brought nothing
	rewound bool             // the log has given out a seq a second time
	adopted uint64           // the position was taken from the log as a whole up to here, not shown entry by entry
	ids     recentIDs
	effects []effect // emitted and not yet taken
	taken   []effect // the array that take gave out last
}

// maxHeld bounds what is kept ahead of a hole; beyond it the log is read instead.
const maxHeld = 1024

// gapPage is how many entries one read of the log asks for.
const gapPage = 512

func newRoomState(recent int, dedup time.Duration) *roomState {
	return &roomState{ring: newRing(recent), held: map[uint64]Entry{}, ids: newRecentIDs(dedup)}
}

// opened sets the position from the newest page of the log, before anything is shown.
func (s *roomState) opened(p Page, now time.Time) {
	s.epoch, s.last, s.adopted = p.Epoch, p.Seq, p.Seq
	s.known = max(s.known, p.Seq)
	for _, e := range p.Entries {
		s.ring.add(e)
		s.ids.seen(e.ID, now)
	}
	s.emit(effect{kind: effectProven})
	s.proceed(now)
}

// delivered is an entry from the bus.
func (s *roomState) delivered(epoch string, e Entry, now time.Time) {
	switch {
	case s.rewound: // the page that is being read for it holds the entry
	case epoch != s.epoch:
		s.known = max(s.known, s.last)
		s.read(Query{Newest: true, Limit: s.ring.cap()})
	case e.Seq <= s.last && s.contradicts(e):
		s.rewind()
	case e.Seq <= s.last:
		s.emit(effect{kind: effectDouble})
	case e.Seq == s.last+1:
		s.show(e, now)
		s.next(now)
		if !s.rewound && len(s.held) == 0 && s.known > s.last {
			return // the bus is on its way with the rest; what it does not bring in time becomes overdue
		}
		s.proceed(now)
	default:
		s.ahead(e)
	}
}

// contradicts reports whether an entry stands in a place that was shown with another one.
func (s *roomState) contradicts(e Entry) bool {
	if at, ok := s.ring.at(e.Seq); ok {
		return at.ID != e.ID
	}
	return !e.unknown() && e.Seq > s.adopted && !s.ids.holds(e.ID)
}

// ahead keeps an entry that comes after a hole, and asks the log for the hole.
func (s *roomState) ahead(e Entry) {
	s.known = max(s.known, e.Seq)
	if len(s.held) < maxHeld {
		s.held[e.Seq] = e
	}
	if !s.reading {
		s.emit(effect{kind: effectGap})
		s.readGap()
	}
}

// exists is evidence, from an append's receipt or a client, that seq exists. It reports whether the
// room still waits for it.
func (s *roomState) exists(epoch string, seq uint64) (missing bool) {
	if epoch != s.epoch {
		return true
	}
	s.known = max(s.known, seq)
	return seq > s.last
}

// overdue is the end of the patience with the bus: what exists and was not delivered is read, and what
// could not be read before is read again.
func (s *roomState) overdue(seq uint64) {
	if s.reading || seq <= s.last && !s.owed {
		return
	}
	if seq > s.last {
		s.emit(effect{kind: effectGap})
	}
	s.readGap()
}

// stale reads the log because something of another epoch was heard of, or the bus may have missed some. A
// read that is under way may have looked before that, so another one follows it.
func (s *roomState) stale() {
	s.old = s.reading
	s.readGap()
}

// readGap reads what follows, and the last entry once more: after a failover another one may stand in its place.
func (s *roomState) readGap() { s.read(Query{After: max(s.last, 1) - 1, Limit: gapPage}) }

func (s *roomState) read(q Query) {
	if s.reading {
		return
	}
	s.reading, s.owed = true, false
	s.emit(effect{kind: effectRead, query: q})
}

// paged is a page of the log that read asked for.
func (s *roomState) paged(q Query, p Page, now time.Time) {
	s.reading = false
	again := s.old
	s.old = false
	switch foreign := p.Epoch != s.epoch || s.rewound; {
	case foreign && q.Newest:
		s.restart(p, now)
		s.proven(p, again)
		return
	case foreign: // the page is not the newest one, which a new beginning needs
		s.read(Query{Newest: true, Limit: s.ring.cap()})
		return
	}
	before := s.last
	if !q.Newest {
		s.fill(p, now)
	}
	s.known = max(p.Seq, s.last)
	if s.last > before || q.Newest {
		s.stuck = 0
	} else if s.stuck++; s.stuck > 1 { // what is held was there before the read: the log has lost it
		clear(s.held)
	}
	for seq := range s.held {
		s.known = max(s.known, seq)
	}
	s.proven(p, again)
	s.proceed(now)
}

// proven looks whether a page was the last one, or another one is to follow it anyway. One that made the room
// rewind proves nothing: the newest page is on its way, and does.
func (s *roomState) proven(p Page, again bool) {
	switch {
	case s.rewound:
	case again:
		s.readGap()
	case s.last >= p.Seq:
		s.emit(effect{kind: effectProven})
	}
}

// fill shows a page that follows last, and passes by what the log has let go of. A hole in the log is what a
// failover has lost: who was shown it reloads, and the room takes up all that the log has around the hole.
func (s *roomState) fill(p Page, now time.Time) {
	if p.Seq > s.last && p.First > s.last+1 {
		s.pass(p.First - 1)
	}
	for _, e := range p.Entries {
		switch {
		case e.Seq > s.last+1, e.Seq > s.last && e.unknown(), e.Seq <= s.last && s.contradicts(e):
			s.rewind()
			return
		case e.Seq > s.last && !s.show(e, now):
			return
		}
	}
}

// failed is a read of the log that came to nothing; the shell tries again later through overdue.
func (s *roomState) failed() { s.reading, s.owed, s.old = false, true, false }

// restart adopts a new epoch: the log came back empty or another one, and nothing compares.
func (s *roomState) restart(p Page, now time.Time) {
	s.epoch, s.last, s.known, s.adopted = p.Epoch, p.Seq, p.Seq, p.Seq
	s.stuck, s.rewound = 0, false
	s.ring.reset()
	clear(s.held)
	s.ids.reset() // the members reload: what they had on the screen counts no more
	for _, e := range p.Entries {
		s.ring.add(e)
		s.ids.seen(e.ID, now)
	}
	s.emit(effect{kind: effectResync, why: whyEpoch})
	s.emit(effect{kind: effectRewound})
	s.emit(effect{kind: effectCatchUp})
}

// pass gives up on everything up to seq.
func (s *roomState) pass(seq uint64) {
	s.last, s.adopted = seq, seq
	s.ring.reset()
	s.ids.reset()
	s.emit(effect{kind: effectResync, why: whyGone})
}

// next shows what was held and has its turn now. In a room that has found out that it must rewind nothing has: what
// it held was delivered before, and the log may have lost it.
func (s *roomState) next(now time.Time) {
	for len(s.held) > 0 && !s.rewound {
		e, ok := s.held[s.last+1]
		if !ok {
			break
		}
		delete(s.held, e.Seq)
		if !s.show(e, now) {
			break
		}
	}
	for seq := range s.held {
		if seq <= s.last {
			delete(s.held, seq)
		}
	}
}

// proceed shows what was held and has its turn now, and goes on reading where a hole remains.
func (s *roomState) proceed(now time.Time) {
	s.next(now)
	switch {
	case s.rewound:
		s.rewind()
	case s.known > s.last:
		s.readGap()
	default:
		s.emit(effect{kind: effectCatchUp})
	}
}

// rewind takes up the log's newest page as the truth: what was shown is not what the log holds.
func (s *roomState) rewind() {
	s.rewound = true
	s.read(Query{Newest: true, Limit: s.ring.cap()})
}

// show gives the entry its place. One that was shown a moment ago in another place was appended again
// after a failover that had lost it, with others perhaps: then nothing is shown any more until the room
// has taken up the log's truth.
func (s *roomState) show(e Entry, now time.Time) (shown bool) {
	if s.ids.seen(e.ID, now) && e.Kind == KindMessage {
		s.rewind()
		return false
	}
	s.last = e.Seq
	s.known = max(s.known, e.Seq)
	s.ring.add(e)
	s.emit(effect{kind: effectShow, entry: e})
	return true
}

// at is the room's position.
func (s *roomState) at() wire.Position { return wire.Position{Epoch: s.epoch, Seq: s.last} }
