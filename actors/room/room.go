package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// Kind is the kind of the room actor.
var Kind = process.Kind{Name: "room", Capacity: 4096, Many: true, Parent: DirectoryKind.Name}

// Room is the actor of one room on this node. The timeline decides the order of the entries. The room applies the
// effects of the timeline, and combines its parts. The parts do not access the room.
type Room struct {
	deps *Deps
	name string
	self *process.Process

	timeline    *timeline.Timeline
	reader      reader
	members     members
	joins       joinQueue
	acks        acks
	provisional provisionalEntries
	presence    presenceNotice
	slowMode    slowModeTimes // nil: no slow mode
	retirement  retirement
	measures    measures

	nextID          uint64 // counter of the ids made here
	historyFrame    []byte // newest page of the history; nil: it has changed
	applyingEffects bool   // applyEffects is running
}

func newRoom(deps *Deps, name string) *Room {
	return &Room{
		deps: deps, name: name, members: newMembers(len(deps.Writers)),
		timeline: timeline.New(deps.Config.Recent, deps.Config.dedupWindow()),
	}
}

// Receive implements process.Actor.
func (r *Room) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		r.onStarted(self)
	case process.Recovered:
		r.onRecovered()
	case *routedMessage:
		r.onRoutedMessage(m)
	case *link.RoomSubscribed:
		r.onRoomSubscribed(m)
	case *link.StateChanged:
		r.onLinkChanged(m)
	case *chat.Delivered:
		r.onDelivered(m)
	case chat.Signal:
		r.onSignal(m)
	case *WriteRequest:
		r.handleOrDefer(m)
	case *publisher.AppendResult:
		r.onAppendResult(m)
	case *publisher.JournalResult:
		r.onJournalResult(m)
	case *publisher.WriteCommitted:
		r.onWriteCommitted(m)
	case *HistoryRequest:
		r.handleOrDefer(m)
	case *JoinRequest:
		r.onJoin(m)
	case *LeaveRequest:
		r.onLeave(m)
	case *IdentityChanged:
		r.onIdentityChanged(m)
	case *logPageResult:
		r.onLogPage(m)
	case *openTick:
		r.onOpenTick()
	case *readTick:
		r.onReadTick(m)
	case *deliveryTick:
		r.onDeliveryTick()
	case *presenceTick:
		r.onPresenceTick()
	case *idleTick:
		r.onIdleTick()
	case *retireRoom:
		r.onRetire()
	default:
		self.Unknown(msg)
	}
}

// onStarted subscribes the room. The room opens when it is subscribed and has read the log, or at once if the log is
// not available.
func (r *Room) onStarted(self *process.Process) {
	r.self = self
	r.retirement.emptySince = time.Now()
	r.deps.Stats.Rooms.Add(1)
	r.subscribe()
	r.resetIdleTick()
	if r.deps.Health.Degraded() {
		r.openWithoutLog()
	}
}

func (r *Room) subscribe() {
	r.deps.Link.Post(link.SubscribeRoom{Room: r.name, Process: r.self})
}

// end reverts onStarted.
func (r *Room) end() {
	r.deps.Link.Post(link.UnsubscribeRoom{Room: r.name, Process: r.self})
	r.deps.Stats.Rooms.Add(-1)
}

func (r *Room) onRoutedMessage(m *routedMessage) {
	r.retirement.routed++
	r.Receive(r.self, m.msg)
}

// onRecovered repairs the room after a panic, which may have lost effects and ticks. It is unknown which entries were
// sent to the members, so the room adopts the newest page of the log, and the members reload.
func (r *Room) onRecovered() {
	r.applyingEffects = false
	r.onPresenceTick()
	r.retirement.requested = false
	r.resetIdleTick()
	r.acks.armed = false
	r.acks.arm(r.self)
	if !r.reader.open {
		r.retryOpen()
		return
	}
	r.timeline.ResetFromLog()
	r.applyEffects()
}

// onGiveUp ends a room after repeated panics. It closes its clients, which then reconnect and get a new room.
func (r *Room) onGiveUp() {
	for c, role := range r.members.roles {
		r.deps.Presence.Post(presence.UserLeft{Room: r.name, UserID: c.UserID, Role: role})
		c.Close(wire.CloseInternal, "room failed")
	}
	r.joins.closeAll(wire.CloseInternal, "room failed")
	r.end()
}
