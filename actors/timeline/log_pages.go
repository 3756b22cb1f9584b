package timeline

import (
	"time"

	"chatnode/actors/chat"
)

// GapPage is the number of entries that one read of a gap requests.
const GapPage = 512

// Observe records that seq exists, as the receipt of an append or a client reports. missing is true if the entry was
// not displayed yet, or if the epoch differs.
func (t *Timeline) Observe(epoch string, seq uint64) (missing bool) {
	if epoch != t.epoch {
		return true
	}
	t.knownSeq = max(t.knownSeq, seq)
	return seq > t.shownSeq
}

// Overdue reads the log if seq was not delivered in time, or if the last read failed.
func (t *Timeline) Overdue(seq uint64) {
	if t.reading || seq <= t.shownSeq && !t.retryRead {
		return
	}
	if seq > t.shownSeq {
		t.emit(Effect{Kind: EffectGap})
	}
	t.readGap()
}

// Refresh reads the log, because another epoch exists or the bus may have lost entries. If a read is in progress,
// another one follows it, because the first may have started too early.
func (t *Timeline) Refresh() {
	t.rereadAfter = t.reading
	t.readGap()
}

// ResetFromLog discards the pending effects, and adopts the newest page of the log. Call it after a panic.
func (t *Timeline) ResetFromLog() {
	clear(t.effects)
	t.effects = t.effects[:0]
	t.reading, t.retryRead, t.rereadAfter = false, false, false
	t.startResync()
}

// readGap reads the entries after shownSeq and the last displayed entry. The log may have another entry at its seq
// after a failover.
func (t *Timeline) readGap() { t.read(chat.Query{After: max(t.shownSeq, 1) - 1, Limit: GapPage}) }

func (t *Timeline) read(q chat.Query) {
	if t.reading {
		return
	}
	t.reading, t.retryRead = true, false
	t.emit(Effect{Kind: EffectRead, Query: q})
}

// startResync reads the newest page of the log, because it contradicts the displayed entries.
func (t *Timeline) startResync() {
	t.resyncing = true
	t.read(chat.Query{Newest: true, Limit: t.ring.limit})
}

// Failed handles the error of a read. The caller repeats the read later with Overdue.
func (t *Timeline) Failed() { t.reading, t.retryRead, t.rereadAfter = false, true, false }

// OnPage handles the page that the query of an EffectRead returned.
func (t *Timeline) OnPage(q chat.Query, p chat.Page, now time.Time) {
	t.reading = false
	again := t.rereadAfter
	t.rereadAfter = false
	switch foreign := p.Epoch != t.epoch || t.resyncing; {
	case foreign && q.Newest:
		t.adoptEpoch(p, now)
		t.checkCaughtUp(p, again)
		return
	case foreign: // only the newest page can be adopted
		t.read(chat.Query{Newest: true, Limit: t.ring.limit})
		return
	}
	before := t.shownSeq
	if !q.Newest {
		t.applyPage(p, now)
	}
	t.knownSeq = max(p.Seq, t.shownSeq)
	if t.shownSeq > before || q.Newest {
		t.emptyReads = 0
	} else if t.emptyReads++; t.emptyReads > 1 { // the buffered entries are older than the read: the log lost them
		clear(t.buffered)
	}
	for seq := range t.buffered {
		t.knownSeq = max(t.knownSeq, seq)
	}
	t.checkCaughtUp(p, again)
	t.proceed(now)
}

// checkCaughtUp emits EffectCaughtUp if p reached the end of the log. A page that started a resync proves nothing;
// the newest page follows it.
func (t *Timeline) checkCaughtUp(p chat.Page, again bool) {
	switch {
	case t.resyncing:
	case again:
		t.readGap()
	case t.shownSeq >= p.Seq:
		t.emit(Effect{Kind: EffectCaughtUp})
	}
}

// applyPage displays a page that follows shownSeq, and skips the entries that the log has removed. If the log itself
// has a gap, a failover lost entries that members may have seen. Then applyPage starts a resync, so that the room
// adopts the entries on both sides of the gap.
func (t *Timeline) applyPage(p chat.Page, now time.Time) {
	if p.Seq > t.shownSeq && p.First > t.shownSeq+1 {
		t.skipTo(p.First - 1)
	}
	for _, e := range p.Entries {
		switch {
		case e.Seq > t.shownSeq+1, e.Seq > t.shownSeq && e.Missing(), e.Seq <= t.shownSeq && t.conflictsWith(e):
			t.startResync()
			return
		case e.Seq > t.shownSeq && !t.show(e, now):
			return
		}
	}
}

// adoptEpoch replaces the position and the cache by the newest page of the log, and emits a resync.
func (t *Timeline) adoptEpoch(p chat.Page, now time.Time) {
	t.epoch, t.shownSeq, t.knownSeq, t.adoptedSeq = p.Epoch, p.Seq, p.Seq, p.Seq
	t.emptyReads, t.resyncing = 0, false
	t.ring.reset()
	clear(t.buffered)
	t.ids.reset() // the members reload, so the entries that they had seen do not count
	for _, e := range p.Entries {
		t.ring.add(e)
		t.ids.add(e.ID, now)
	}
	t.emit(Effect{Kind: EffectResync, Reason: ReasonReset})
	t.emit(Effect{Kind: EffectRewound})
	t.emit(Effect{Kind: EffectFlushWaiting})
}

// skipTo skips all entries up to seq, clears the cache and emits a resync.
func (t *Timeline) skipTo(seq uint64) {
	t.shownSeq, t.adoptedSeq = seq, seq
	t.ring.reset()
	t.ids.reset()
	t.emit(Effect{Kind: EffectResync, Reason: ReasonTrimmed})
}
