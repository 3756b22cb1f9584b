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

// room is one room on this node: its members, and through roomState its order. It is the thin
// shell: it carries the state's effects to the writers and the store.
type Room struct {
	core        *Deps
	name        string
	Self        *process.Process
	state       *timeline.Timeline
	open        bool                         // subscribed, and the newest page read
	members     map[*fanout.Client]chat.Role // as they were told to the presence
	Lanes       []int                        // members on each writer
	replayed    []*publisher.Evident         // not known to have been shown in their place yet
	present     presentNews                  // who is here
	reads       []*History                   // that wait until the room has caught up with what was acknowledged
	waiting     []*Join                      // until the room is open, has caught up with what they have seen, or has read what they missed
	backlog     []any                        // writes and reads until the room is open
	acks        acks                         // of entries that are in the log, and not shown yet
	going       bool                         // it has asked the rooms to let it end
	pending     int                          // appends that are not settled
	ids         uint64                       // counter of the ids made here
	query       chat.Query                   // of the read under way
	tries       int                          // failed tries to open, or to read, in a row
	provisional provisional                  // shown to the members here, and not in the log yet
	history     []byte                       // the newest history page as a frame, until something changes
	empty       time.Time                    // since when there is no member
	visits      uint64                       // messages that came by the rooms
	pace        pace                         // of slow mode
	acting      bool                         // effects are being carried out
	asked       bool                         // the bridge waits until the room has caught up
	turn        uint64                       // of its asking
	watch       stopwatch                    // times one write of this node at a time
	counts      roomCounts                   // for RoomLoads
	sweeping    process.Tick
}

const (
	roomBound  = 4096 // writes, joins and deliveries queued before they are refused or wait
	maxBacklog = 1024 // of them kept while the room opens
	maxResume  = 1000 // entries that a resume may ask of the log
)

func newRoom(core *Deps, name string) *Room {
	return &Room{
		core: core, name: name, members: map[*fanout.Client]chat.Role{}, Lanes: make([]int, len(core.Writers)),
		state: timeline.New(core.Set.Recent, dedupWindow(core.Set)),
	}
}

// Receive implements Actor.
func (r *Room) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		r.start(self)
	case visit:
		r.visits++
		r.Receive(self, m.msg)
	case link.Watching:
		r.watching(m)
	case reopen:
		r.core.Bridge.Post(link.Watch{Room: r.name, Process: self})
	case link.Changed:
		r.linkChanged(m)
	case *publisher.Journalled:
		r.journalled(m)
	case *publisher.Evident:
		r.evident(m)
	case process.Recovered:
		r.recovered()
	case *chat.Delivered:
		r.delivered(m)
	case *Post:
		r.whenOpen(m)
	case *publisher.Settled:
		r.settled(m)
	case *Join:
		r.joined(m)
	case Leave:
		r.left(m)
	case Identified:
		r.identified(m)
	case *History:
		r.whenOpen(m)
	case chat.Signal:
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
func (r *Room) start(self *process.Process) {
	r.Self = self
	r.empty = time.Now()
	r.core.Stats.Rooms.Add(1)
	r.core.Bridge.Post(link.Watch{Room: r.name, Process: self})
	r.sweepLater()
	if r.core.Link.Degraded() {
		r.openBlind()
	}
}

func (r *Room) watching(m link.Watching) {
	r.turn, r.asked = m.Turn, true
	if r.open { // the subscription was lost meanwhile, or the room opened without one: it may have missed something
		r.state.Stale()
		r.effects()
		return
	}
	r.readLog(chat.Query{Newest: true, Limit: r.core.Set.Recent})
}

// again tries to open the room once more after a pause.
func (r *Room) again() {
	r.tries++
	r.Self.After(r.core.Sys.Backoff(r.tries), reopen{})
}

func (r *Room) readLog(q chat.Query) {
	q.Room = r.name
	r.query = q
	r.core.Store.Post(&readLog{query: q, reply: r.Self})
}

func (r *Room) logRead(m *logRead) {
	switch {
	case m.resume != nil:
		r.resumed(m)
	case r.open && m.query != r.query: // asked before a panic, which has begun another read
	case !r.open && m.err != nil:
		r.again()
	case !r.open:
		r.opened(m.page)
	case m.err != nil:
		r.state.Failed()
		r.tries++
		r.Self.After(r.core.Sys.Backoff(r.tries), overdue{r.state.Known})
		r.admitWaiting() // who waits for what cannot be read waits no longer
		r.answerReads()
	default:
		r.tries = 0
		r.state.Paged(r.query, m.page, time.Now())
		r.effects()
	}
}

func (r *Room) opened(p chat.Page) {
	r.tries = 0
	r.open = true
	r.state.Opened(p, time.Now())
	r.effects()
	backlog := r.backlog
	r.backlog = nil
	for _, msg := range backlog {
		r.whenOpen(msg)
	}
}

// whenOpen handles what needs the room's position, now or once it has one.
func (r *Room) whenOpen(msg any) {
	if !r.open {
		r.later(msg)
		return
	}
	switch m := msg.(type) {
	case *Post:
		r.post(m)
	case *History:
		m.upTo = r.state.Known
		r.reads = append(r.reads, m)
		r.serve()
	}
}

// serve answers the history requests whose turn has come. Each waits for what was known to be
// in the log when it came, so that a client finds in the history what was acknowledged to it before; not
// for what came since, or it would wait for as long as others write faster than the bus delivers.
func (r *Room) serve() {
	if r.core.Link.Apart() {
		r.answerReads()
	}
	for len(r.reads) > 0 && r.reads[0].upTo <= r.state.Last {
		m := r.reads[0]
		r.reads = r.reads[1:]
		r.answerHistory(m)
	}
}

// answerReads answers all history requests, for there is nothing to wait for any more.
func (r *Room) answerReads() {
	reads := r.reads
	r.reads = nil
	for _, m := range reads {
		r.answerHistory(m)
	}
}

func (r *Room) later(msg any) {
	if len(r.backlog) < maxBacklog {
		r.backlog = append(r.backlog, msg)
		return
	}
	switch m := msg.(type) {
	case *Post:
		r.refuse(m, wire.CodeOverloaded)
	case *History:
		fanout.AnswerError(m.Client, m.Id, wire.CodeOverloaded)
	}
}

func (r *Room) delivered(m *chat.Delivered) {
	if !r.open { // the page that opens the room holds it, or shows the hole before it
		r.state.Known = max(r.state.Known, m.Entry.Seq)
		return
	}
	r.state.Delivered(m.Epoch, m.Entry, time.Now())
	r.effects()
}
