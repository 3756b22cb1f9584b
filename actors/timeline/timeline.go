package timeline

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Timeline decides what a room shows and in which order. It is pure: events go in through its
// methods, effects come out; it has no clock, no I/O, no goroutine. The log is the authority: what
// is delivered is shown only in its place, a hole is read from the log, and what the log no longer
// has is skipped with a resync.
type Timeline struct {
	Epoch       string
	ShownSeq    uint64 // newest seq shown, or passed by
	KnownSeq    uint64 // newest seq that is known to exist
	Ring        ring
	buffered    map[uint64]chat.Entry // delivered ahead of a hole
	reading     bool                  // one read of the log is under way
	retryRead   bool                  // the last one has failed, and is to be made again whatever is known by now
	rereadAfter bool                  // the one under way may be too old: another one is to follow
	emptyReads  int                   // reads in a row that brought nothing
	resyncing   bool                  // the log has given out a seq a second time
	adoptedSeq  uint64                // the position was taken from the log as a whole up to here, not shown entry by entry
	Ids         recentIDs
	effects     []Effect // emitted and not yet taken
	taken       []Effect // the array that take gave out last
}

// maxHeld bounds what is kept ahead of a hole; beyond it the log is read instead.
const maxHeld = 1024

// GapPage is how many entries one read of the log asks for.
const GapPage = 512

func New(recent int, dedup time.Duration) *Timeline {
	return &Timeline{Ring: NewRing(recent), buffered: map[uint64]chat.Entry{}, Ids: newRecentIDs(dedup)}
}

// Opened sets the position from the newest page of the log, before anything is shown.
func (s *Timeline) Opened(p chat.Page, now time.Time) {
	s.Epoch, s.ShownSeq, s.adoptedSeq = p.Epoch, p.Seq, p.Seq
	s.KnownSeq = max(s.KnownSeq, p.Seq)
	for _, e := range p.Entries {
		s.Ring.Add(e)
		s.Ids.seen(e.ID, now)
	}
	s.emit(Effect{Kind: EffectCaughtUp})
	s.proceed(now)
}

// Delivered is an entry from the bus.
func (s *Timeline) Delivered(epoch string, e chat.Entry, now time.Time) {
	switch {
	case s.resyncing: // the page that is being read for it holds the entry
	case epoch != s.Epoch:
		s.KnownSeq = max(s.KnownSeq, s.ShownSeq)
		s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
	case e.Seq <= s.ShownSeq && s.conflictsWith(e):
		s.rewind()
	case e.Seq <= s.ShownSeq:
		s.emit(Effect{Kind: EffectDuplicate})
	case e.Seq == s.ShownSeq+1:
		s.show(e, now)
		s.drainBuffered(now)
		if !s.resyncing && len(s.buffered) == 0 && s.KnownSeq > s.ShownSeq {
			return // the bus is on its way with the rest; what it does not bring in time becomes overdue
		}
		s.proceed(now)
	default:
		s.buffer(e)
	}
}

// conflictsWith reports whether an entry stands in a place that was shown with another one.
func (s *Timeline) conflictsWith(e chat.Entry) bool {
	if at, ok := s.Ring.at(e.Seq); ok {
		return at.ID != e.ID
	}
	return !e.Missing() && e.Seq > s.adoptedSeq && !s.Ids.Holds(e.ID)
}

// buffer keeps an entry that comes after a hole, and asks the log for the hole.
func (s *Timeline) buffer(e chat.Entry) {
	s.KnownSeq = max(s.KnownSeq, e.Seq)
	if len(s.buffered) < maxHeld {
		s.buffered[e.Seq] = e
	}
	if !s.reading {
		s.emit(Effect{Kind: EffectGap})
		s.readGap()
	}
}

// Observe is evidence, from an append's receipt or a client, that seq exists. It reports whether the
// room still waits for it.
func (s *Timeline) Observe(epoch string, seq uint64) (missing bool) {
	if epoch != s.Epoch {
		return true
	}
	s.KnownSeq = max(s.KnownSeq, seq)
	return seq > s.ShownSeq
}

// Overdue is the end of the patience with the bus: what exists and was not delivered is read, and what
// could not be read before is read again.
func (s *Timeline) Overdue(seq uint64) {
	if s.reading || seq <= s.ShownSeq && !s.retryRead {
		return
	}
	if seq > s.ShownSeq {
		s.emit(Effect{Kind: EffectGap})
	}
	s.readGap()
}

// Refresh reads the log because something of another epoch was heard of, or the bus may have missed some. A
// read that is under way may have looked before that, so another one follows it.
func (s *Timeline) Refresh() {
	s.rereadAfter = s.reading
	s.readGap()
}

// readGap reads what follows, and the last entry once more: after a failover another one may stand in its place.
func (s *Timeline) readGap() { s.read(chat.Query{After: max(s.ShownSeq, 1) - 1, Limit: GapPage}) }

func (s *Timeline) read(q chat.Query) {
	if s.reading {
		return
	}
	s.reading, s.retryRead = true, false
	s.emit(Effect{Kind: EffectRead, Query: q})
}

// OnPage is a page of the log that read asked for.
func (s *Timeline) OnPage(q chat.Query, p chat.Page, now time.Time) {
	s.reading = false
	again := s.rereadAfter
	s.rereadAfter = false
	switch foreign := p.Epoch != s.Epoch || s.resyncing; {
	case foreign && q.Newest:
		s.adoptEpoch(p, now)
		s.checkCaughtUp(p, again)
		return
	case foreign: // the page is not the newest one, which a new beginning needs
		s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
		return
	}
	before := s.ShownSeq
	if !q.Newest {
		s.applyPage(p, now)
	}
	s.KnownSeq = max(p.Seq, s.ShownSeq)
	if s.ShownSeq > before || q.Newest {
		s.emptyReads = 0
	} else if s.emptyReads++; s.emptyReads > 1 { // what is held was there before the read: the log has lost it
		clear(s.buffered)
	}
	for seq := range s.buffered {
		s.KnownSeq = max(s.KnownSeq, seq)
	}
	s.checkCaughtUp(p, again)
	s.proceed(now)
}

// checkCaughtUp looks whether a page was the last one, or another one is to follow it anyway. One that made the room
// rewind proves nothing: the newest page is on its way, and does.
func (s *Timeline) checkCaughtUp(p chat.Page, again bool) {
	switch {
	case s.resyncing:
	case again:
		s.readGap()
	case s.ShownSeq >= p.Seq:
		s.emit(Effect{Kind: EffectCaughtUp})
	}
}

// applyPage shows a page that follows last, and passes by what the log has let go of. A hole in the log is what a
// failover has lost: who was shown it reloads, and the room takes up all that the log has around the hole.
func (s *Timeline) applyPage(p chat.Page, now time.Time) {
	if p.Seq > s.ShownSeq && p.First > s.ShownSeq+1 {
		s.skipTo(p.First - 1)
	}
	for _, e := range p.Entries {
		switch {
		case e.Seq > s.ShownSeq+1, e.Seq > s.ShownSeq && e.Missing(), e.Seq <= s.ShownSeq && s.conflictsWith(e):
			s.rewind()
			return
		case e.Seq > s.ShownSeq && !s.show(e, now):
			return
		}
	}
}

// Failed is a read of the log that came to nothing; the shell tries again later through overdue.
func (s *Timeline) Failed() { s.reading, s.retryRead, s.rereadAfter = false, true, false }

// adoptEpoch adopts a new epoch: the log came back empty or another one, and nothing compares.
func (s *Timeline) adoptEpoch(p chat.Page, now time.Time) {
	s.Epoch, s.ShownSeq, s.KnownSeq, s.adoptedSeq = p.Epoch, p.Seq, p.Seq, p.Seq
	s.emptyReads, s.resyncing = 0, false
	s.Ring.reset()
	clear(s.buffered)
	s.Ids.reset() // the members reload: what they had on the screen counts no more
	for _, e := range p.Entries {
		s.Ring.Add(e)
		s.Ids.seen(e.ID, now)
	}
	s.emit(Effect{Kind: EffectResync, Why: WhyEpoch})
	s.emit(Effect{Kind: EffectRewound})
	s.emit(Effect{Kind: EffectFlushWaiting})
}

// skipTo gives up on everything up to seq.
func (s *Timeline) skipTo(seq uint64) {
	s.ShownSeq, s.adoptedSeq = seq, seq
	s.Ring.reset()
	s.Ids.reset()
	s.emit(Effect{Kind: EffectResync, Why: whyGone})
}

// drainBuffered shows what was held and has its turn now. In a room that has found out that it must rewind nothing has: what
// it held was delivered before, and the log may have lost it.
func (s *Timeline) drainBuffered(now time.Time) {
	for len(s.buffered) > 0 && !s.resyncing {
		e, ok := s.buffered[s.ShownSeq+1]
		if !ok {
			break
		}
		delete(s.buffered, e.Seq)
		if !s.show(e, now) {
			break
		}
	}
	for seq := range s.buffered {
		if seq <= s.ShownSeq {
			delete(s.buffered, seq)
		}
	}
}

// proceed shows what was held and has its turn now, and goes on reading where a hole remains.
func (s *Timeline) proceed(now time.Time) {
	s.drainBuffered(now)
	switch {
	case s.resyncing:
		s.rewind()
	case s.KnownSeq > s.ShownSeq:
		s.readGap()
	default:
		s.emit(Effect{Kind: EffectFlushWaiting})
	}
}

// rewind takes up the log's newest page as the truth: what was shown is not what the log holds.
func (s *Timeline) rewind() {
	s.resyncing = true
	s.read(chat.Query{Newest: true, Limit: s.Ring.Cap()})
}

// show gives the entry its place. One that was shown a moment ago in another place was appended again
// after a failover that had lost it, with others perhaps: then nothing is shown any more until the room
// has taken up the log's truth.
func (s *Timeline) show(e chat.Entry, now time.Time) (shown bool) {
	if s.Ids.seen(e.ID, now) && e.Kind == chat.EntryMessage {
		s.rewind()
		return false
	}
	s.ShownSeq = e.Seq
	s.KnownSeq = max(s.KnownSeq, e.Seq)
	s.Ring.Add(e)
	s.emit(Effect{Kind: EffectShow, Entry: e})
	return true
}

// At is the room's position.
func (s *Timeline) At() wire.Position { return wire.Position{Epoch: s.Epoch, Seq: s.ShownSeq} }

// ResetFromLog forgets what was begun and not carried out, and takes up the log's newest page as the truth.
func (s *Timeline) ResetFromLog() {
	s.effects = process.DropAll(s.effects)
	s.reading, s.retryRead, s.rereadAfter = false, false, false
	s.rewind()
}
