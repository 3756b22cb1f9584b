package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/wire"
)

const (
	maxDeferred = 1024 // requests stored until the room is open
	maxResume   = 1000 // entries that a resume may read from the log
)

// reader is the state of a room's access to the log: whether the room is open, the read in progress, and the requests
// that wait for it.
type reader struct {
	open       bool              // the room has a position: it has read the newest page, or opened without the log
	query      chat.Query        // of the read in progress
	failures   int               // consecutive failed reads
	deferred   []any             // writes and history requests until the room is open
	history    []*HistoryRequest // wait until the room has caught up with the entries known to exist when they arrived
	generation uint64            // of the subscription
	catchUpDue bool              // the link waits for RoomCaughtUp
}

func (d *reader) idle() bool { return len(d.history) == 0 && len(d.deferred) == 0 }

// deferRequest stores a request until the room is open. ok is false if there are too many.
func (d *reader) deferRequest(msg any) (ok bool) {
	if len(d.deferred) >= maxDeferred {
		return false
	}
	d.deferred = append(d.deferred, msg)
	return true
}

// takeDeferred removes and returns the deferred requests.
func (d *reader) takeDeferred() []any {
	deferred := d.deferred
	d.deferred = nil
	return deferred
}

// addHistory adds a request that waits until the room has displayed the entries up to seq.
func (d *reader) addHistory(m *HistoryRequest, seq uint64) {
	m.upTo = seq
	d.history = append(d.history, m)
}

// nextHistory removes and returns the first history request if the room has displayed the entries that it waits for;
// nil: it must wait.
func (d *reader) nextHistory(shownSeq uint64) *HistoryRequest {
	if len(d.history) == 0 || d.history[0].upTo > shownSeq {
		return nil
	}
	m := d.history[0]
	d.history = d.history[1:]
	return m
}

// takeHistory removes and returns all history requests.
func (d *reader) takeHistory() []*HistoryRequest {
	history := d.history
	d.history = nil
	return history
}

// subscribed records that the room is subscribed, and that the link waits until it has caught up.
func (d *reader) subscribed(generation uint64) { d.generation, d.catchUpDue = generation, true }

// caughtUp returns whether the link waits for RoomCaughtUp, once per subscription.
func (d *reader) caughtUp() (due bool) {
	due, d.catchUpDue = d.catchUpDue, false
	return due
}

// onRoomSubscribed reads the log after the subscription is active, so that no entry is missed between them. An open
// room may have missed entries before, because it lost its subscription or opened without one.
func (r *Room) onRoomSubscribed(m *link.RoomSubscribed) {
	r.reader.subscribed(m.Generation)
	if r.reader.open {
		r.timeline.Refresh()
		r.applyEffects()
		return
	}
	r.requestLogPage(chat.Query{Newest: true, Limit: r.deps.Config.Recent})
}

// onCaughtUp notifies the link.
func (r *Room) onCaughtUp() {
	if r.reader.caughtUp() {
		r.deps.Link.Post(link.RoomCaughtUp{Room: r.name, Generation: r.reader.generation})
	}
}

// onOpenTick subscribes again, which opens the room.
func (r *Room) onOpenTick() { r.subscribe() }

func (r *Room) requestLogPage(q chat.Query) {
	q.Room = r.name
	r.reader.query = q
	r.deps.Store.Post(&logPageRequest{query: q, reply: r.self})
}

func (r *Room) onLogPage(m *logPageResult) {
	switch {
	case m.resume != nil:
		r.onResumePage(m)
	case r.reader.open && m.query != r.reader.query: // requested before a panic; another read is in progress
	case !r.reader.open && m.err != nil:
		r.retryOpen()
	case !r.reader.open:
		r.openAt(m.page)
	case m.err != nil:
		r.onReadFailed()
	default:
		r.reader.failures = 0
		r.timeline.OnPage(r.reader.query, m.page, time.Now())
		r.applyEffects()
	}
}

// onReadFailed retries the read later. Requests that wait for it are answered now.
func (r *Room) onReadFailed() {
	r.timeline.Failed()
	r.reader.failures++
	r.self.PostAfter(r.deps.System.Backoff(r.reader.failures), &readTick{r.timeline.KnownSeq()})
	r.admitWaiting()
	r.flushHistory()
}

// retryOpen subscribes the room again after a delay.
func (r *Room) retryOpen() {
	r.reader.failures++
	r.self.PostAfter(r.deps.System.Backoff(r.reader.failures), &openTick{})
}

// openAt opens the room at the position of the newest page, and handles the deferred requests.
func (r *Room) openAt(p chat.Page) {
	r.reader.open, r.reader.failures = true, 0
	r.timeline.Opened(p, time.Now())
	r.applyEffects()
	for _, msg := range r.reader.takeDeferred() {
		r.handleOrDefer(msg)
	}
}

// openWithoutLog opens the room without a position. When Redis is available again, the room adopts the position of
// the log and sends a resync.
func (r *Room) openWithoutLog() {
	if !r.reader.open {
		r.openAt(chat.Page{})
	}
}

// handleOrDefer handles a write or a history request, now or when the room is open.
func (r *Room) handleOrDefer(msg any) {
	if !r.reader.open {
		r.deferRequest(msg)
		return
	}
	switch m := msg.(type) {
	case *WriteRequest:
		r.onWrite(m)
	case *HistoryRequest:
		r.reader.addHistory(m, r.timeline.KnownSeq())
		r.serveHistory()
	default:
		r.self.Unknown(msg)
	}
}

func (r *Room) deferRequest(msg any) {
	if r.reader.deferRequest(msg) {
		return
	}
	switch m := msg.(type) {
	case *WriteRequest:
		r.refuse(m, wire.CodeOverloaded)
	case *HistoryRequest:
		fanout.AnswerError(m.Client, m.Id, wire.CodeOverloaded)
	default:
		r.self.Unknown(msg)
	}
}

func (r *Room) onReadTick(m *readTick) { r.readMissing(m.seq) }

// readMissing reads the entries up to seq from the log, unless they were delivered.
func (r *Room) readMissing(seq uint64) {
	r.timeline.Overdue(seq)
	r.applyEffects()
	r.sendSuperseded(r.provisional.dropResolvedReplays(r.timeline.Position())...)
}

func (r *Room) onDelivered(m *chat.Delivered) {
	if !r.reader.open { // the page that opens the room contains the entry, or reveals the gap before it
		r.timeline.Expect(m.Entry.Seq)
		return
	}
	r.timeline.Delivered(m.Epoch, m.Entry, time.Now())
	r.applyEffects()
}
