package timeline

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// roomState decides what a room shows and in which order. It is pure: events go in through its
// methods, effects come out; it has no clock, no I/O, no goroutine. The log is the authority: what
// is delivered is shown only in its place, a hole is read from the log, and what the log no longer
// has is skipped with a resync.
type Timeline struct {
	Epoch   string
	Last    uint64 // newest seq shown, or passed by
	Known   uint64 // newest seq that is known to exist
	Ring    ring
	held    map[uint64]chat.Entry // delivered ahead of a hole
	reading bool                  // one read of the log is under way
	owed    bool                  // the last one has failed, and is to be made again whatever is known by now
	old     bool                  // the one under way may be too old: another one is to follow
	stuck   int                   // reads in a row that brought nothing
	rewound bool                  // the log has given out a seq a second time
	adopted uint64                // the position was taken from the log as a whole up to here, not shown entry by entry
	Ids     recentIDs
	effects []Effect // emitted and not yet taken
	taken   []Effect // the array that take gave out last
}

// maxHeld bounds what is kept ahead of a hole; beyond it the log is read instead.
const maxHeld = 1024

// gapPage is how many entries one read of the log asks for.
const GapPage = 512

func New(recent int, dedup time.Duration) *Timeline {
	return &Timeline{Ring: NewRing(recent), held: map[uint64]chat.Entry{}, Ids: newRecentIDs(dedup)}
}

// opened sets the position from the newest page of the log, before anything is shown.
func (s *Timeline) Opened(p chat.Page, now time.Time) {
	s.Epoch, s.Last, s.adopted = p.Epoch, p.Seq, p.Seq
	s.Known = max(s.Known, p.Seq)
	for _, e := range p.Entries {
		s.Ring.Add(e)
		s.Ids.seen(e.ID, now)
	}
	s.emit(Effect{Kind: EffectProven})
	s.proceed(now)
}

// delivered is an entry from the bus.
func (s *Timeline) Delivered(epoch string, e chat.Entry, now time.Time) {
	switch {
	case s.rewound: // the page that is being read for it holds the entry
	case epoch != s.Epoch:
		s.Known = max(s.Known, s.Last)
		s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
	case e.Seq <= s.Last && s.contradicts(e):
		s.rewind()
	case e.Seq <= s.Last:
		s.emit(Effect{Kind: EffectDouble})
	case e.Seq == s.Last+1:
		s.show(e, now)
		s.next(now)
		if !s.rewound && len(s.held) == 0 && s.Known > s.Last {
			return // the bus is on its way with the rest; what it does not bring in time becomes overdue
		}
		s.proceed(now)
	default:
		s.ahead(e)
	}
}

// contradicts reports whether an entry stands in a place that was shown with another one.
func (s *Timeline) contradicts(e chat.Entry) bool {
	if at, ok := s.Ring.at(e.Seq); ok {
		return at.ID != e.ID
	}
	return !e.Unknown() && e.Seq > s.adopted && !s.Ids.Holds(e.ID)
}

// ahead keeps an entry that comes after a hole, and asks the log for the hole.
func (s *Timeline) ahead(e chat.Entry) {
	s.Known = max(s.Known, e.Seq)
	if len(s.held) < maxHeld {
		s.held[e.Seq] = e
	}
	if !s.reading {
		s.emit(Effect{Kind: EffectGap})
		s.readGap()
	}
}

// exists is evidence, from an append's receipt or a client, that seq exists. It reports whether the
// room still waits for it.
func (s *Timeline) Exists(epoch string, seq uint64) (missing bool) {
	if epoch != s.Epoch {
		return true
	}
	s.Known = max(s.Known, seq)
	return seq > s.Last
}

// overdue is the end of the patience with the bus: what exists and was not delivered is read, and what
// could not be read before is read again.
func (s *Timeline) Overdue(seq uint64) {
	if s.reading || seq <= s.Last && !s.owed {
		return
	}
	if seq > s.Last {
		s.emit(Effect{Kind: EffectGap})
	}
	s.readGap()
}

// stale reads the log because something of another epoch was heard of, or the bus may have missed some. A
// read that is under way may have looked before that, so another one follows it.
func (s *Timeline) Stale() {
	s.old = s.reading
	s.readGap()
}

// readGap reads what follows, and the last entry once more: after a failover another one may stand in its place.
func (s *Timeline) readGap() { s.read(chat.Query{After: max(s.Last, 1) - 1, Limit: GapPage}) }

func (s *Timeline) read(q chat.Query) {
	if s.reading {
		return
	}
	s.reading, s.owed = true, false
	s.emit(Effect{Kind: EffectRead, Query: q})
}

// paged is a page of the log that read asked for.
func (s *Timeline) Paged(q chat.Query, p chat.Page, now time.Time) {
	s.reading = false
	again := s.old
	s.old = false
	switch foreign := p.Epoch != s.Epoch || s.rewound; {
	case foreign && q.Newest:
		s.restart(p, now)
		s.proven(p, again)
		return
	case foreign: // the page is not the newest one, which a new beginning needs
		s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
		return
	}
	before := s.Last
	if !q.Newest {
		s.fill(p, now)
	}
	s.Known = max(p.Seq, s.Last)
	if s.Last > before || q.Newest {
		s.stuck = 0
	} else if s.stuck++; s.stuck > 1 { // what is held was there before the read: the log has lost it
		clear(s.held)
	}
	for seq := range s.held {
		s.Known = max(s.Known, seq)
	}
	s.proven(p, again)
	s.proceed(now)
}

// proven looks whether a page was the last one, or another one is to follow it anyway. One that made the room
// rewind proves nothing: the newest page is on its way, and does.
func (s *Timeline) proven(p chat.Page, again bool) {
	switch {
	case s.rewound:
	case again:
		s.readGap()
	case s.Last >= p.Seq:
		s.emit(Effect{Kind: EffectProven})
	}
}

// fill shows a page that follows last, and passes by what the log has let go of. A hole in the log is what a
// failover has lost: who was shown it reloads, and the room takes up all that the log has around the hole.
func (s *Timeline) fill(p chat.Page, now time.Time) {
	if p.Seq > s.Last && p.First > s.Last+1 {
		s.pass(p.First - 1)
	}
	for _, e := range p.Entries {
		switch {
		case e.Seq > s.Last+1, e.Seq > s.Last && e.Unknown(), e.Seq <= s.Last && s.contradicts(e):
			s.rewind()
			return
		case e.Seq > s.Last && !s.show(e, now):
			return
		}
	}
}

// failed is a read of the log that came to nothing; the shell tries again later through overdue.
func (s *Timeline) Failed() { s.reading, s.owed, s.old = false, true, false }

// restart adopts a new epoch: the log came back empty or another one, and nothing compares.
func (s *Timeline) restart(p chat.Page, now time.Time) {
	s.Epoch, s.Last, s.Known, s.adopted = p.Epoch, p.Seq, p.Seq, p.Seq
	s.stuck, s.rewound = 0, false
	s.Ring.reset()
	clear(s.held)
	s.Ids.reset() // the members reload: what they had on the screen counts no more
	for _, e := range p.Entries {
		s.Ring.Add(e)
		s.Ids.seen(e.ID, now)
	}
	s.emit(Effect{Kind: EffectResync, Why: WhyEpoch})
	s.emit(Effect{Kind: EffectRewound})
	s.emit(Effect{Kind: EffectCatchUp})
}

// pass gives up on everything up to seq.
func (s *Timeline) pass(seq uint64) {
	s.Last, s.adopted = seq, seq
	s.Ring.reset()
	s.Ids.reset()
	s.emit(Effect{Kind: EffectResync, Why: whyGone})
}

// next shows what was held and has its turn now. In a room that has found out that it must rewind nothing has: what
// it held was delivered before, and the log may have lost it.
func (s *Timeline) next(now time.Time) {
	for len(s.held) > 0 && !s.rewound {
		e, ok := s.held[s.Last+1]
		if !ok {
			break
		}
		delete(s.held, e.Seq)
		if !s.show(e, now) {
			break
		}
	}
	for seq := range s.held {
		if seq <= s.Last {
			delete(s.held, seq)
		}
	}
}

// proceed shows what was held and has its turn now, and goes on reading where a hole remains.
func (s *Timeline) proceed(now time.Time) {
	s.next(now)
	switch {
	case s.rewound:
		s.rewind()
	case s.Known > s.Last:
		s.readGap()
	default:
		s.emit(Effect{Kind: EffectCatchUp})
	}
}

// rewind takes up the log's newest page as the truth: what was shown is not what the log holds.
func (s *Timeline) rewind() {
	s.rewound = true
	s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
}

// show gives the entry its place. One that was shown a moment ago in another place was appended again
// after a failover that had lost it, with others perhaps: then nothing is shown any more until the room
// has taken up the log's truth.
func (s *Timeline) show(e chat.Entry, now time.Time) (shown bool) {
	if s.Ids.seen(e.ID, now) && e.Kind == chat.KindMessage {
		s.rewind()
		return false
	}
	s.Last = e.Seq
	s.Known = max(s.Known, e.Seq)
	s.Ring.Add(e)
	s.emit(Effect{Kind: EffectShow, Entry: e})
	return true
}

// at is the room's position.
func (s *Timeline) At() wire.Position { return wire.Position{Epoch: s.Epoch, Seq: s.Last} }

// distrust forgets what was begun and not carried out, and takes up the log's newest page as the truth.
func (s *Timeline) Distrust() {
	s.effects = process.DropAll(s.effects)
	s.reading, s.owed, s.old = false, false, false
	s.rewind()
}
