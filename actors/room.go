package actors

import (
	"time"

	"chatnode/actors/wire"
)

// room is one room on this node: its members, and through roomState its order. It is the thin
// shell: it carries the state's effects to the writers and the store.
type room struct {
	core        *roomDeps
	name        string
	self        *Process
	state       *roomState
	open        bool             // subscribed, and the newest page read
	members     map[*Client]Role // as they were told to the presence
	lanes       []int            // members on each writer
	replayed    []*evident       // not known to have been shown in their place yet
	present     presentNews      // who is here
	reads       []*history       // that wait until the room has caught up with what was acknowledged
	waiting     []*join          // until the room is open, has caught up with what they have seen, or has read what they missed
	backlog     []any            // writes and reads until the room is open
	acks        acks             // of entries that are in the log, and not shown yet
	going       bool             // it has asked the rooms to let it end
	pending     int              // appends that are not settled
	ids         uint64           // counter of the ids made here
	query       Query            // of the read under way
	tries       int              // failed tries to open, or to read, in a row
	provisional provisional      // shown to the members here, and not in the log yet
	history     []byte           // the newest history page as a frame, until something changes
	empty       time.Time        // since when there is no member
	visits      uint64           // messages that came by the rooms
	pace        pace             // of slow mode
	acting      bool             // effects are being carried out
	asked       bool             // the bridge waits until the room has caught up
	turn        uint64           // of its asking
	watch       stopwatch        // times one write of this node at a time
	counts      roomCounts       // for RoomLoads
	sweeping    tick
}

const (
	roomBound  = 4096 // writes, joins and deliveries queued before they are refused or wait
	maxBacklog = 1024 // of them kept while the room opens
	maxResume  = 1000 // entries that a resume may ask of the log
)

func newRoom(core *roomDeps, name string) *room {
	return &room{
		core: core, name: name, members: map[*Client]Role{}, lanes: make([]int, len(core.writers)),
		state: newRoomState(core.set.Recent, dedupWindow(core.set)),
	}
}

// Receive implements Actor.
func (r *room) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		r.start(self)
	case visit:
		r.visits++
		r.Receive(self, m.msg)
	case watching:
		r.watching(m)
	case reopen:
		r.core.bridge.Post(watch{r.name, self})
	case linkChanged:
		r.linkChanged(m)
	case *journalled:
		r.journalled(m)
	case *evident:
		r.evident(m)
	case Recovered:
		r.recovered()
	case *Delivered:
		r.delivered(m)
	case *post:
		r.whenOpen(m)
	case *settled:
		r.settled(m)
	case *join:
		r.joined(m)
	case leave:
		r.left(m)
	case identified:
		r.identified(m)
	case *history:
		r.whenOpen(m)
	case Signal:
		r.signal(m)
	case *logRead:
		r.logRead(m)
	case presentDue:
		r.present.timed = false
		r.presentDue()
	case undelivered:
		r.undelivered()
	case overdue:
		r.overdue(m.seq)
	case sweep:
		r.sweep()
	case retire:
		r.retire()
	}
}

// start asks for the subscription first and reads the log when it stands, so nothing falls between.
func (r *room) start(self *Process) {
	r.self = self
	r.empty = time.Now()
	r.core.stats.Rooms.Add(1)
	r.core.bridge.Post(watch{r.name, self})
	r.sweepLater()
	if r.core.link.degraded() {
		r.openBlind()
	}
}

func (r *room) watching(m watching) {
	r.turn, r.asked = m.turn, true
	if r.open { // the subscription was lost meanwhile, or the room opened without one: it may have missed something
		r.state.stale()
		r.effects()
		return
	}
	r.readLog(Query{Newest: true, Limit: r.core.set.Recent})
}

// again tries to open the room once more after a pause.
func (r *room) again() {
	r.tries++
	r.self.After(r.core.sys.Backoff(r.tries), reopen{})
}

func (r *room) readLog(q Query) {
	q.Room = r.name
	r.query = q
	r.core.store.Post(&readLog{query: q, reply: r.self})
}

func (r *room) logRead(m *logRead) {
	switch {
	case m.resume != nil:
		r.resumed(m)
	case r.open && m.query != r.query: // asked before a panic, which has begun another read
	case !r.open && m.err != nil:
		r.again()
	case !r.open:
		r.opened(m.page)
	case m.err != nil:
		r.state.failed()
		r.tries++
		r.self.After(r.core.sys.Backoff(r.tries), overdue{r.state.known})
		r.admitWaiting() // who waits for what cannot be read waits no longer
		r.answerReads()
	default:
		r.tries = 0
		r.state.paged(r.query, m.page, time.Now())
		r.effects()
	}
}

func (r *room) opened(p Page) {
	r.tries = 0
	r.open = true
	r.state.opened(p, time.Now())
	r.effects()
	backlog := r.backlog
	r.backlog = nil
	for _, msg := range backlog {
		r.whenOpen(msg)
	}
}

// whenOpen handles what needs the room's position, now or once it has one.
func (r *room) whenOpen(msg any) {
	if !r.open {
		r.later(msg)
		return
	}
	switch m := msg.(type) {
	case *post:
		r.post(m)
	case *history:
		m.upTo = r.state.known
		r.reads = append(r.reads, m)
		r.serve()
	}
}

// serve answers the history requests whose turn has come. Each waits for what was known to be
// in the log when it came, so that a client finds in the history what was acknowledged to it before; not
// for what came since, or it would wait for as long as others write faster than the bus delivers.
func (r *room) serve() {
	if r.core.link.apart() {
		r.answerReads()
	}
	for len(r.reads) > 0 && r.reads[0].upTo <= r.state.last {
		m := r.reads[0]
		r.reads = r.reads[1:]
		r.answerHistory(m)
	}
}

// answerReads answers all history requests, for there is nothing to wait for any more.
func (r *room) answerReads() {
	reads := r.reads
	r.reads = nil
	for _, m := range reads {
		r.answerHistory(m)
	}
}

func (r *room) later(msg any) {
	if len(r.backlog) < maxBacklog {
		r.backlog = append(r.backlog, msg)
		return
	}
	switch m := msg.(type) {
	case *post:
		r.refuse(m, wire.CodeOverloaded)
	case *history:
		answerError(m.client, m.id, wire.CodeOverloaded)
	}
}

func answerError(c *Client, id string, code wire.Code) {
	if c == nil {
		return
	}
	var wait time.Duration
	if code.Retry() {
		wait = time.Second
	}
	c.answer(seal(wire.AppendError(begin(), id, code, wait.Milliseconds())))
}

func (r *room) delivered(m *Delivered) {
	if !r.open { // the page that opens the room holds it, or shows the hole before it
		r.state.known = max(r.state.known, m.Entry.Seq)
		return
	}
	r.state.delivered(m.Epoch, m.Entry, time.Now())
	r.effects()
}
