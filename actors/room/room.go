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

// Room is one room on this node: its members, and through roomState its order. It is the thin
// shell: it carries the state's effects to the writers and the store.
type Room struct {
	core            *Deps
	name            string
	Self            *process.Process
	state           *timeline.Timeline
	members         members
	presence        presenceNotice
	joins           joinQueue
	acks            acks   // of entries that are in the log, and not shown yet
	nextID          uint64 // counter of the ids made here
	reader          reader
	retirement      retirement
	provisional     provisionalEntries // shown to the members here, and not in the log yet
	historyFrame    []byte             // the newest history page as a frame, until something changes
	slowMode        slowModeTimes      // nil: no slow mode
	applyingEffects bool               // effects are being carried out
	measures        measures
}

func newRoom(core *Deps, name string) *Room {
	return &Room{
		core: core, name: name, members: newMembers(len(core.Writers)),
		state: timeline.New(core.Set.Recent, dedupWindow(core.Set)),
	}
}

// Receive implements Actor.
func (r *Room) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		r.start(self)
	case routedMessage:
		r.retirement.routed++
		r.Receive(self, m.msg)
	case link.RoomSubscribed:
		r.onRoomSubscribed(m)
	case openTick:
		r.core.Bridge.Post(link.SubscribeRoom{Room: r.name, Process: self})
	case link.Changed:
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
		r.onPresenceTick()
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
	r.retirement.emptySince = time.Now()
	r.core.Stats.Rooms.Add(1)
	r.core.Bridge.Post(link.SubscribeRoom{Room: r.name, Process: self})
	r.resetIdleTick()
	if r.core.Link.Degraded() {
		r.openWithoutLog()
	}
}

// onGiveUp is the end of a room that panics too often: its members come back and get a new one.
func (r *Room) onGiveUp() {
	for c, role := range r.members.roles {
		r.core.Presence.Post(presence.UserLeft{Room: r.name, UserID: c.UserID, Role: role})
		c.Close(wire.CloseInternal, "room failed")
	}
	r.joins.closeAll(wire.CloseInternal, "room failed")
	r.core.Bridge.Post(link.UnsubscribeRoom{Room: r.name, Process: r.Self})
	r.core.Stats.Rooms.Add(-1)
}
