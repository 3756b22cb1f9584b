package link

import (
	"context"
	"maps"
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Bridge is the link to the other nodes. It opens the subscriber, keeps the subscriptions that the rooms
// ask for, proves once a second that the node hears and writes, and tells everybody when it does not
// and when it does again. What it decides stands in linkState; without Redis there is nothing to prove.
type Bridge struct {
	Core         *Deps
	self         *process.Process
	Sub          chat.Subscriber
	State        LinkState
	Rooms        map[string]*process.Process
	Generation   uint64              // of catching up
	LaggingRooms map[string]struct{} // rooms that have not caught up in this turn
	unannounced  bool                // nothing has been announced yet
	lastErr      error               // the last failure, for the log: the cause that all are told names no address
	tick         process.Ticker
}

// Messages to the bridge, besides watch, unwatch, Broken and Probe.
type (
	// Failed is a call to Redis that failed.
	Failed struct{ Err error }
	// LinkWriteOK is a write that the store took.
	LinkWriteOK struct{}
	// JournalReplayed is the journal empty again.
	JournalReplayed struct{}
	// RoomCaughtUp is a room that has read what the log holds, in the turn that it was asked in.
	RoomCaughtUp struct {
		Room string
		Turn uint64
	}
	linkTickMsg struct{}
)

// Prove is the bridge's wish, to the heartbeat, for a proof that Redis takes writes; answered by linkWrote or linkFailed.
type Prove struct{}

// Receive implements Actor.
func (b *Bridge) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		b.self = self
		b.State.pause, b.State.standalone = b.Core.Sys.Backoff, !b.Core.Set.Distributed
		b.unannounced = true
		b.State.start(time.Now())
		b.applyEffects()
		b.tick.Reset(self, linkTick, linkTickMsg{})
	case process.Recovered: // nobody knows what of the link stands, and the tick may have been in what was lost
		b.tick.Reset(self, linkTick, linkTickMsg{})
		b.State.onFailure(b.explain(process.ErrPanicked), true, time.Now())
		b.applyEffects()
	case process.Stopped:
		b.hangUp()
	}
}

// ReceiveBatch implements BatchActor: the subscriptions of one turn travel together, and so do the ends of
// others. A room that comes and goes, or goes and comes, within the turn is what it was last.
func (b *Bridge) ReceiveBatch(self *process.Process, msgs []any) {
	turned := map[string]struct{}{}
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case SubscribeRoom:
			b.Rooms[m.Room] = m.Process
			b.Core.In.Post(addRoute{m.Room, m.Process})
			turned[m.Room] = struct{}{}
		case UnsubscribeRoom:
			b.Core.In.Post(removeRoute{m.Room, m.Process})
			if b.Rooms[m.Room] == m.Process {
				delete(b.Rooms, m.Room)
				b.markCaughtUp(m.Room)
				turned[m.Room] = struct{}{}
			}
		default:
			b.take(msg)
			b.applyEffects() // at once: an answer behind it, to what was asked before, is none to what it asks for
		}
	}
	if b.State.Subscribed {
		b.updateSubscriptions(turned)
	}
	b.applyEffects()
}

// updateSubscriptions subscribes to those of the rooms that are watched, and ends the subscription of the others.
func (b *Bridge) updateSubscriptions(rooms map[string]struct{}) {
	var here, gone []string
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		if b.Rooms[name] != nil {
			here = append(here, name)
		} else {
			gone = append(gone, name)
		}
	}
	b.subscribe(here)
	b.unsubscribe(gone)
}

func (b *Bridge) take(msg any) {
	now := time.Now()
	switch m := msg.(type) {
	case chat.Disconnected:
		b.failed(m.Err, true)
	case chat.Probe:
		b.Core.Probes.Observe(now.Sub(b.Core.Health.began) - time.Duration(m.SentAt))
		b.State.onProbe(now)
	case Failed:
		b.failed(m.Err, false)
	case LinkWriteOK:
		b.State.onWriteOK(now)
	case RoomCaughtUp:
		if m.Turn == b.Generation {
			b.markCaughtUp(m.Room)
		}
	case JournalReplayed:
		b.State.onReplayed(now)
	case LogFaultChanged:
		b.onLogFault(m)
	case linkTickMsg:
		b.State.onTraffic(b.Core.Health.began.Add(time.Duration(b.Core.Health.lastHeard.Load())))
		b.State.tick(now)
		b.tick.Reset(b.self, linkTick, linkTickMsg{})
	}
}

// failed is a call that Redis did not answer well; deaf, where the subscriber is lost with it.
func (b *Bridge) failed(err error, deaf bool) {
	b.lastErr = err
	b.State.onFailure(b.explain(err), deaf, time.Now())
}

// applyEffects carries out what the state asks for, and what comes of that.
func (b *Bridge) applyEffects() {
	for effects := b.State.take(); len(effects) > 0; effects = b.State.take() {
		for _, e := range effects {
			b.applyEffect(e)
		}
	}
}

func (b *Bridge) applyEffect(e linkEffect) {
	switch e {
	case linkDial:
		b.dial()
	case linkHangUp:
		b.hangUp()
	case linkProbe:
		b.probe()
	case linkTestWrite:
		b.Core.Heartbeat.Post(Prove{})
	case linkStatus:
		b.broadcastStatus()
	case linkCatchUp:
		b.catchUp()
	case linkPollLagging:
		b.pollLagging()
	}
}

// explain is the cause of an error in one sentence that holds no secret.
func (b *Bridge) explain(err error) string {
	if b.Core.Set.DescribeError != nil {
		return b.Core.Set.DescribeError(err)
	}
	return err.Error()
}

func (b *Bridge) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), b.Core.Set.LinkTimeout)
}

func (b *Bridge) dial() {
	ctx, cancel := b.context()
	defer cancel()
	if err := b.Sub.Open(ctx, b.hear); err != nil {
		b.failed(err, true)
		return
	}
	b.State.opened(time.Now())
	b.subscribeAll()
}

func (b *Bridge) hangUp() {
	if err := b.Sub.Close(); err != nil {
		b.Core.Sys.Log.Debug().Err(err).Msg("subscriber close failed")
	}
}

// probe sends a probe by way of the writing connection; the subscriber brings it back.
func (b *Bridge) probe() {
	b.Core.Out.Post(chat.Signal{Probe: &chat.Probe{SentAt: int64(time.Since(b.Core.Health.began))}})
}

func (b *Bridge) subscribeAll() { b.subscribe(slices.Sorted(maps.Keys(b.Rooms))) }

// subscribe asks for the rooms' channels. Every subscription is a possible gap: the rooms read the log.
func (b *Bridge) subscribe(names []string) {
	if len(names) == 0 {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.Sub.Subscribe(ctx, names...); err != nil {
		b.failed(err, true)
		return
	}
	b.State.onTraffic(time.Now()) // what was confirmed was heard, and no probe was sent meanwhile
	for _, name := range names {
		if p := b.Rooms[name]; p != nil {
			p.Post(RoomSubscribed{b.Generation})
		}
	}
}

func (b *Bridge) unsubscribe(names []string) {
	if len(names) == 0 || !b.State.Subscribed {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.Sub.Unsubscribe(ctx, names...); err != nil {
		b.failed(err, true)
		return
	}
	b.State.onTraffic(time.Now())
}

// broadcastStatus tells the log, the clients, and through the core everybody who asks.
func (b *Bridge) broadcastStatus() {
	s := b.Core.Health.noteLink(&b.State)
	first := b.unannounced
	b.unannounced = false
	if !s.Degraded {
		b.lastErr = nil
	}
	if first && !s.Degraded { // healthy for the first time: nobody was told otherwise
		return
	}
	ev := b.Core.Sys.Log.Info()
	if s.Degraded {
		ev = b.Core.Sys.Log.Warn().Err(b.lastErr)
	}
	ev.Str("mode", b.State.Mode.String()).Str("cause", s.Cause).Strs("effects", s.Effects).Msg("link state changed")
	frame := fanout.Seal(wire.AppendStatus(fanout.Begin(), s))
	for _, w := range b.Core.Writers {
		w.Post(&fanout.BroadcastAll{Frame: frame})
	}
	for _, p := range b.Rooms {
		p.Post(Changed{s.Degraded})
	}
	b.Core.Presence.Post(Changed{s.Degraded})
	b.Core.Out.Post(Changed{s.Degraded})
}

// catchUp lets every room read what it may have missed, and the journal replay what it holds.
func (b *Bridge) catchUp() {
	b.Generation++
	clear(b.LaggingRooms)
	for name := range b.Rooms {
		b.LaggingRooms[name] = struct{}{}
	}
	b.pollLagging()
	b.Core.Out.Post(ReplayRequest{})
}

// pollLagging asks the rooms that have not caught up.
func (b *Bridge) pollLagging() {
	for name := range b.LaggingRooms {
		b.Rooms[name].Post(RoomSubscribed{b.Generation})
	}
	b.markCaughtUp("")
}

// markCaughtUp notes a room that has caught up, or is no more.
func (b *Bridge) markCaughtUp(room string) {
	delete(b.LaggingRooms, room)
	if len(b.LaggingRooms) == 0 {
		b.State.onRoomsCaughtUp(time.Now())
	}
}

// hear is the subscriber's sink. It blocks while bridge_in is busy.
func (b *Bridge) hear(ev chat.Event) {
	b.Core.Health.lastHeard.Store(int64(time.Since(b.Core.Health.began)))
	switch m := ev.(type) {
	case chat.Disconnected:
		b.self.Post(m)
		return
	case chat.Signal:
		if m.Probe != nil {
			b.self.Post(*m.Probe)
			return
		}
	}
	_ = b.Core.In.Inline().WaitPost(ev) // stopped: the node is going down
}
