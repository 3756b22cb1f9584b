package timeline

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Timeline is the order of one room on this node. Entries up to shownSeq were displayed or skipped, entries after a
// gap are buffered. After each event, shownSeq <= knownSeq, and at most one read is in progress. It is not safe for
// concurrent use.
type Timeline struct {
	epoch       string
	shownSeq    uint64 // newest seq displayed or skipped
	knownSeq    uint64 // newest seq known to exist
	ring        ring
	buffered    map[uint64]chat.Entry // delivered after a gap; by seq
	reading     bool                  // a read of the log is in progress
	retryRead   bool                  // the last read failed and must be repeated, even if no newer seq is known
	rereadAfter bool                  // the read in progress may have started too early; another one must follow it
	emptyReads  int                   // consecutive reads without a new entry
	resyncing   bool                  // the log contradicts the displayed entries; its newest page must be adopted
	adoptedSeq  uint64                // entries up to here were adopted from a page, not displayed one by one
	ids         recentIDs
	effects     []Effect // emitted and not taken
	taken       []Effect // array of the effects that Take returned last
}

// maxBuffered limits the entries buffered after a gap. Entries beyond it are read from the log later.
const maxBuffered = 1024

// New returns a Timeline that caches the newest recent entries and detects repeated ids for at least the time dedup.
func New(recent int, dedup time.Duration) *Timeline {
	return &Timeline{ring: newRing(recent), buffered: map[uint64]chat.Entry{}, ids: newRecentIDs(dedup)}
}

// Epoch returns the epoch of the position.
func (t *Timeline) Epoch() string { return t.epoch }

// ShownSeq returns the newest seq that was displayed or skipped.
func (t *Timeline) ShownSeq() uint64 { return t.shownSeq }

// KnownSeq returns the newest seq that is known to exist in the log.
func (t *Timeline) KnownSeq() uint64 { return t.knownSeq }

// Position returns the epoch and the newest seq that was displayed or skipped.
func (t *Timeline) Position() wire.Position { return wire.Position{Epoch: t.epoch, Seq: t.shownSeq} }

// WasShown reports whether the write with the id was displayed recently, also if another node gave it another id.
func (t *Timeline) WasShown(id string) bool { return t.ids.has(id) }

// Recent returns the cached entries, oldest first. The slice is valid until the next event.
func (t *Timeline) Recent() []chat.Entry { return t.ring.entries }

// Resume returns the entries after seq for a client that has seen seq. ok is false if the cache has a gap after seq,
// or does not have the entry at seq. The slice is valid until the next event.
func (t *Timeline) Resume(seq uint64) (entries []chat.Entry, ok bool) {
	return t.ring.resume(seq, t.shownSeq)
}

// After returns the entries after seq. ok is false if the cache has a gap after seq. The slice is valid until the
// next event.
func (t *Timeline) After(seq uint64) (entries []chat.Entry, ok bool) {
	return t.ring.after(seq, t.shownSeq)
}

// Newest returns the newest messages before seq (0: from the end), oldest first, at most limit. more reports whether
// older messages are cached. ok is false if the log may have messages of that range that are not cached.
func (t *Timeline) Newest(before uint64, limit int) (data []wire.HistoryItem, more, ok bool) {
	return t.ring.newest(before, limit)
}

// Tail returns the newest cached messages, oldest first, at most limit.
func (t *Timeline) Tail(limit int) []wire.HistoryItem { return t.ring.tail(limit) }

// Message returns a cached message; nil: it is not cached. The message is valid until the next event.
func (t *Timeline) Message(id string) *wire.Message {
	if e := t.ring.find(id); e != nil {
		return &e.Message
	}
	return nil
}

// FindSeq returns the seq of a cached message; 0: it is not cached.
func (t *Timeline) FindSeq(id string) uint64 {
	if e := t.ring.find(id); e != nil {
		return e.Seq
	}
	return 0
}

// Expect records that seq exists, before Opened is called.
func (t *Timeline) Expect(seq uint64) { t.knownSeq = max(t.knownSeq, seq) }

// Opened sets the position from the newest page of the log. Call it once, before all events but Expect.
func (t *Timeline) Opened(p chat.Page, now time.Time) {
	t.epoch, t.shownSeq, t.adoptedSeq = p.Epoch, p.Seq, p.Seq
	t.knownSeq = max(t.knownSeq, p.Seq)
	for _, e := range p.Entries {
		t.ring.add(e)
		t.ids.add(e.ID, now)
	}
	t.emit(Effect{Kind: EffectCaughtUp})
	t.proceed(now)
}

// Delivered handles an entry from the bus.
func (t *Timeline) Delivered(epoch string, e chat.Entry, now time.Time) {
	switch {
	case t.resyncing: // the page that is being read will contain the entry
	case epoch != t.epoch:
		t.knownSeq = max(t.knownSeq, t.shownSeq)
		t.read(chat.Query{Newest: true, Limit: t.ring.limit})
	case e.Seq <= t.shownSeq && t.conflictsWith(e):
		t.startResync()
	case e.Seq <= t.shownSeq:
		t.emit(Effect{Kind: EffectDuplicate})
	case e.Seq == t.shownSeq+1:
		t.show(e, now)
		t.drainBuffered(now)
		if !t.resyncing && len(t.buffered) == 0 && t.knownSeq > t.shownSeq {
			return // the bus will deliver the rest; if it is late, Overdue reads it
		}
		t.proceed(now)
	default:
		t.buffer(e)
	}
}

// conflictsWith reports whether another entry was displayed at the seq of e.
func (t *Timeline) conflictsWith(e chat.Entry) bool {
	if cached, ok := t.ring.at(e.Seq); ok {
		return cached.ID != e.ID
	}
	return !e.Missing() && e.Seq > t.adoptedSeq && !t.ids.has(e.ID)
}

// buffer stores an entry that follows a gap, and reads the gap from the log.
func (t *Timeline) buffer(e chat.Entry) {
	t.knownSeq = max(t.knownSeq, e.Seq)
	if len(t.buffered) < maxBuffered {
		t.buffered[e.Seq] = e
	}
	if !t.reading {
		t.emit(Effect{Kind: EffectGap})
		t.readGap()
	}
}

// drainBuffered displays the buffered entries that are next. While resyncing it displays none, because the log may
// have lost entries that were delivered before.
func (t *Timeline) drainBuffered(now time.Time) {
	for len(t.buffered) > 0 && !t.resyncing {
		e, ok := t.buffered[t.shownSeq+1]
		if !ok {
			break
		}
		delete(t.buffered, e.Seq)
		if !t.show(e, now) {
			break
		}
	}
	for seq := range t.buffered {
		if seq <= t.shownSeq {
			delete(t.buffered, seq)
		}
	}
}

// proceed displays the buffered entries that are next, and continues to read the log if a gap remains.
func (t *Timeline) proceed(now time.Time) {
	t.drainBuffered(now)
	switch {
	case t.resyncing:
		t.startResync()
	case t.knownSeq > t.shownSeq:
		t.readGap()
	default:
		t.emit(Effect{Kind: EffectFlushWaiting})
	}
}

// show displays e at the next seq. If the id of a message was displayed recently at another seq, a failover lost the
// message, perhaps with others, and it was appended again. Then show starts a resync and returns false.
func (t *Timeline) show(e chat.Entry, now time.Time) (shown bool) {
	if t.ids.add(e.ID, now) && e.Kind == chat.EntryMessage {
		t.startResync()
		return false
	}
	t.shownSeq = e.Seq
	t.knownSeq = max(t.knownSeq, e.Seq)
	t.ring.add(e)
	t.emit(Effect{Kind: EffectShow, Entry: e})
	return true
}
