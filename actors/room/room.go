package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// Room is one room on this node: its members, and through roomState its order. It is the thin
// shell: it carries the state's effects to the writers and the store.
type Room struct {
	core             *Deps
	name             string
	Self             *process.Process
	state            *timeline.Timeline
	open             bool                         // subscribed, and the newest page read
	members          map[*fanout.Client]chat.Role // as they were told to the presence
	MembersPerWriter []int                        // members on each writer
	unplacedReplays  []*publisher.WriteCommitted  // not known to have been shown in their place yet
	presenceNotice   presenceNotice               // who is here
	pendingHistory   []*HistoryRequest            // that wait until the room has caught up with what was acknowledged
	pendingJoins     []*JoinRequest               // until the room is open, has caught up with what they have seen, or has read what they missed
	backlog          []any                        // writes and reads until the room is open
	acks             acks                         // of entries that are in the log, and not shown yet
	retiring         bool                         // it has asked the rooms to let it end
	inflightAppends  int                          // appends that are not settled
	nextID           uint64                       // counter of the ids made here
	query            chat.Query                   // of the read under way
	readFailures     int                          // failed tries to open, or to read, in a row
	provisional      provisionalEntries           // shown to the members here, and not in the log yet
	historyFrame     []byte                       // the newest history page as a frame, until something changes
	emptySince       time.Time                    // since when there is no member
	routedCount      uint64                       // messages that came by the rooms
	pace             slowModeTimes                // of slow mode
	applyingEffects  bool                         // effects are being carried out
	catchUpRequested bool                         // the bridge waits until the room has caught up
	generation       uint64                       // of its asking
	watch            latencySample                // times one write of this node at a time
	counts           roomCounters                 // for RoomLoads
	sweeping         process.Ticker
}

const (
	maxBacklog = 1024 // of them kept while the room opens
	maxResume  = 1000 // entries that a resume may ask of the log
)

func newRoom(core *Deps, name string) *Room {
	return &Room{
		core: core, name: name, members: map[*fanout.Client]chat.Role{}, MembersPerWriter: make([]int, len(core.Writers)),
		state: timeline.New(core.Set.Recent, dedupWindow(core.Set)),
	}
}

// Receive implements Actor.
func (r *Room) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		r.start(self)
	case routedMessage:
		r.routedCount++
		r.Receive(self, m.msg)
	case *link.RoomSubscribed:
		r.onRoomSubscribed(m)
	case openTick:
		r.core.Bridge.Post(link.SubscribeRoom{Room: r.name, Process: self})
	case *link.StateChanged:
		r.onLinkChanged(m)
	case *publisher.JournalResult:
		r.onJournalResult(m)
	case *publisher.WriteCommitted:
		r.onWriteCommitted(m)
	case process.Recovered:
		r.onRecovered()
	case *chat.Delivered:
		r.onDelivered(m)
	case *WriteRequest:
		r.handleOrDefer(m)
	case *publisher.AppendResult:
		r.onAppendResult(m)
	case *JoinRequest:
		r.onJoin(m)
	case LeaveRequest:
		r.onLeave(m)
	case IdentityChanged:
		r.onIdentityChanged(m)
	case *HistoryRequest:
		r.handleOrDefer(m)
	case chat.Signal:
		r.onSignal(m)
	case *logPageResult:
		r.onLogPage(m)
	case presenceTick:
		r.presenceNotice.timed = false
		r.schedulePresence()
	case deliveryTick:
		r.onDeliveryTimeout()
	case readTick:
		r.readMissing(m.seq)
	case idleTick:
		r.onIdleTick()
	case retireRoom:
		r.onRetire()
	}
}

// start asks for the subscription first and reads the log when it stands, so nothing falls between.
func (r *Room) start(self *process.Process) {
	r.Self = self
	r.emptySince = time.Now()
	r.core.Stats.Rooms.Add(1)
	r.core.Bridge.Post(link.SubscribeRoom{Room: r.name, Process: self})
	r.sweepLater()
	if r.core.Link.Degraded() {
		r.openWithoutLog()
	}
}

func (r *Room) onRoomSubscribed(m *link.RoomSubscribed) {
	r.generation, r.catchUpRequested = m.Generation, true
	if r.open { // the subscription was lost meanwhile, or the room opened without one: it may have missed something
		r.state.Refresh()
		r.applyEffects()
		return
	}
	r.requestLogPage(chat.Query{Newest: true, Limit: r.core.Set.Recent})
}

// again tries to open the room once more after a pause.
func (r *Room) again() {
	r.readFailures++
	r.Self.PostAfter(r.core.Sys.Backoff(r.readFailures), openTick{})
}

func (r *Room) requestLogPage(q chat.Query) {
	q.Room = r.name
	r.query = q
	r.core.Store.Post(&logPageRequest{query: q, reply: r.Self})
}

func (r *Room) onLogPage(m *logPageResult) {
	switch {
	case m.resume != nil:
		r.onResumePage(m)
	case r.open && m.query != r.query: // asked before a panic, which has begun another read
	case !r.open && m.err != nil:
		r.again()
	case !r.open:
		r.opened(m.page)
	case m.err != nil:
		r.state.Failed()
		r.readFailures++
		r.Self.PostAfter(r.core.Sys.Backoff(r.readFailures), readTick{r.state.KnownSeq})
		r.admitWaiting() // who waits for what cannot be read waits no longer
		r.flushHistory()
	default:
		r.readFailures = 0
		r.state.OnPage(r.query, m.page, time.Now())
		r.applyEffects()
	}
}

func (r *Room) opened(p chat.Page) {
	r.readFailures = 0
	r.open = true
	r.state.Opened(p, time.Now())
	r.applyEffects()
	backlog := r.backlog
	r.backlog = nil
	for _, msg := range backlog {
		r.handleOrDefer(msg)
	}
}

// handleOrDefer handles what needs the room's position, now or once it has one.
func (r *Room) handleOrDefer(msg any) {
	if !r.open {
		r.deferMessage(msg)
		return
	}
	switch m := msg.(type) {
	case *WriteRequest:
		r.onWrite(m)
	case *HistoryRequest:
		m.upTo = r.state.KnownSeq
		r.pendingHistory = append(r.pendingHistory, m)
		r.serveHistory()
	}
}

// serveHistory answers the history requests whose turn has come. Each waits for what was known to be
// in the log when it came, so that a client finds in the history what was acknowledged to it before; not
// for what came since, or it would wait for as long as others write faster than the bus delivers.
func (r *Room) serveHistory() {
	if r.core.Link.LogUnavailable() {
		r.flushHistory()
	}
	for len(r.pendingHistory) > 0 && r.pendingHistory[0].upTo <= r.state.ShownSeq {
		m := r.pendingHistory[0]
		r.pendingHistory = r.pendingHistory[1:]
		r.answerHistory(m)
	}
}

// flushHistory answers all history requests, for there is nothing to wait for any more.
func (r *Room) flushHistory() {
	reads := r.pendingHistory
	r.pendingHistory = nil
	for _, m := range reads {
		r.answerHistory(m)
	}
}

func (r *Room) deferMessage(msg any) {
	if len(r.backlog) < maxBacklog {
		r.backlog = append(r.backlog, msg)
		return
	}
	switch m := msg.(type) {
	case *WriteRequest:
		r.refuse(m, wire.CodeOverloaded)
	case *HistoryRequest:
		fanout.AnswerError(m.Client, m.Id, wire.CodeOverloaded)
	}
}

func (r *Room) onDelivered(m *chat.Delivered) {
	if !r.open { // the page that opens the room holds it, or shows the hole before it
		r.state.KnownSeq = max(r.state.KnownSeq, m.Entry.Seq)
		return
	}
	r.state.Delivered(m.Epoch, m.Entry, time.Now())
	r.applyEffects()
}
