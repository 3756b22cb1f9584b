package link

import (
	"context"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Link connects this node to the other nodes. It opens the subscriber, subscribes to the channels of the rooms, and
// sends a probe through Redis every second. All decisions are made by state; Link applies its effects and announces
// the result. A standalone node has nothing to probe.
type Link struct {
	deps       *Deps
	self       *process.Process
	state      state
	ticker     process.Ticker
	generation uint64                      // incremented for each catch-up
	rooms      map[string]*process.Process // subscribed rooms
	lagging    map[string]struct{}         // rooms without a RoomCaughtUp of the current generation
	silent     bool                        // nothing has been announced yet
	lastErr    error                       // last failure, for the log; the announced cause contains no addresses
}

// New returns the actor of kind Kind.
func New(deps *Deps) *Link {
	return &Link{deps: deps, silent: true, rooms: map[string]*process.Process{}, lagging: map[string]struct{}{}}
}

// Receive implements process.Actor.
func (l *Link) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		l.onStarted(self)
	case process.Recovered:
		l.onRecovered()
	case process.Stopped:
		l.closeSubscriber()
	default:
		self.Unknown(msg)
	}
}

func (l *Link) onStarted(self *process.Process) {
	l.self = self
	l.state.backoff, l.state.standalone = l.deps.System.Backoff, !l.deps.Config.Distributed
	l.state.start(time.Now())
	l.applyEffects()
	l.resetTicker()
}

// onRecovered treats a panic as a failure of the subscriber, because the state of its connection is unknown. The tick
// may have been among the lost messages.
func (l *Link) onRecovered() {
	l.resetTicker()
	l.state.onFailure(l.describeError(process.ErrPanicked), true, time.Now())
	l.applyEffects()
}

// ReceiveBatch implements process.BatchActor. All subscriptions of a batch are made in one call, and so are their
// ends. If a room subscribes and unsubscribes within a batch, its last message counts.
func (l *Link) ReceiveBatch(self *process.Process, msgs []any) {
	changed := map[string]struct{}{}
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case SubscribeRoom:
			l.onSubscribeRoom(m, changed)
		case UnsubscribeRoom:
			l.onUnsubscribeRoom(m, changed)
		default:
			l.onStateMessage(self, msg)
			// The effects must be applied before the next message: a result behind it answers an earlier request,
			// and must not be taken for the result of these effects.
			l.applyEffects()
		}
	}
	if l.state.subscribed {
		l.updateSubscriptions(changed)
	}
	l.applyEffects()
}

// onStateMessage passes a message to the state machine.
func (l *Link) onStateMessage(self *process.Process, msg any) {
	switch m := msg.(type) {
	case chat.Disconnected:
		l.fail(m.Err, true)
	case chat.Probe:
		l.onProbe(m)
	case CallFailed:
		l.fail(m.Err, false)
	case WriteSucceeded:
		l.state.onWriteOK(time.Now())
	case RoomCaughtUp:
		l.onRoomCaughtUp(m)
	case JournalReplayed:
		l.state.onReplayed(time.Now())
	case LogFaultChanged:
		l.onLogFaultChanged(m)
	case stateTick:
		l.onStateTick()
	default:
		self.Unknown(msg)
	}
}

func (l *Link) onProbe(m chat.Probe) {
	now := time.Now()
	l.deps.Probes.Observe(now.Sub(l.deps.Health.startedAt) - time.Duration(m.SentAt))
	l.state.onProbe(now)
}

func (l *Link) onStateTick() {
	now := time.Now()
	l.state.onTraffic(l.deps.Health.lastEvent())
	l.state.tick(now)
	l.resetTicker()
}

func (l *Link) resetTicker() { l.ticker.Reset(l.self, tickInterval, stateTick{}) }

// fail records a failed call. disconnected means that the subscriber must be opened again.
func (l *Link) fail(err error, disconnected bool) {
	l.lastErr = err
	l.state.onFailure(l.describeError(err), disconnected, time.Now())
}

// applyEffects applies the effects of the state, and the effects that result from them.
func (l *Link) applyEffects() {
	for effects := l.state.takeEffects(); len(effects) > 0; effects = l.state.takeEffects() {
		for _, e := range effects {
			l.applyEffect(e)
		}
	}
}

func (l *Link) applyEffect(e effect) {
	switch e {
	case effectOpen:
		l.openSubscriber()
	case effectClose:
		l.closeSubscriber()
	case effectProbe:
		l.sendProbe()
	case effectTestWrite:
		l.deps.Heartbeat.Post(WriteTestRequest{})
	case effectAnnounce:
		l.announceState()
	case effectCatchUp:
		l.startCatchUp()
	case effectPollLagging:
		l.pollLagging()
	}
}

// describeError returns the cause of an error as it is announced: one sentence without secrets.
func (l *Link) describeError(err error) string {
	if l.deps.Config.DescribeError != nil {
		return l.deps.Config.DescribeError(err)
	}
	return err.Error()
}

func (l *Link) callContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), l.deps.Config.CallTimeout)
}

func (l *Link) openSubscriber() {
	ctx, cancel := l.callContext()
	defer cancel()
	if err := l.deps.Subscriber.Open(ctx, l.onBusEvent); err != nil {
		l.fail(err, true)
		return
	}
	l.state.onOpened(time.Now())
	l.subscribeAll()
}

func (l *Link) closeSubscriber() {
	if err := l.deps.Subscriber.Close(); err != nil {
		l.deps.System.Log.Debug().Err(err).Msg("subscriber close failed")
	}
}

// sendProbe publishes a probe through the connection for appends. The subscriber receives it.
func (l *Link) sendProbe() {
	l.deps.Publisher.Post(chat.Signal{Probe: &chat.Probe{SentAt: int64(l.deps.Health.sinceStart())}})
}

// onBusEvent receives the events of the subscriber, on the goroutine of the subscriber. It blocks while the mailbox of
// the dispatcher is full.
func (l *Link) onBusEvent(ev chat.Event) {
	l.deps.Health.noteEvent()
	switch m := ev.(type) {
	case chat.Disconnected:
		l.self.Post(m)
		return
	case chat.Signal:
		if m.Probe != nil {
			l.self.Post(*m.Probe)
			return
		}
	case *chat.Delivered:
	}
	_ = l.deps.Dispatcher.Inline().WaitPost(ev) // it fails only if the node is stopping
}
