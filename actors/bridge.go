package actors

import (
	"context"
	"maps"
	"slices"
	"time"

	"chatnode/actors/wire"
)

// bridge is the link to the other nodes. It opens the subscriber, keeps the subscriptions that the rooms
// ask for, proves once a second that the node hears and writes, and tells everybody when it does not
// and when it does again. What it decides stands in linkState; without Redis there is nothing to prove.
type bridge struct {
	core  *linkDeps
	self  *Process
	sub   Subscriber
	state linkState
	rooms map[string]*Process
	turn  uint64              // of catching up
	late  map[string]struct{} // rooms that have not caught up in this turn
	quiet bool                // nothing has been announced yet
	why   error               // the last failure, for the log: the cause that all are told names no address
	tick  tick
}

const bridgeBound = 16384

// Messages to the bridge, besides watch, unwatch, Broken and Probe.
type (
	// linkFailed is a call to Redis that failed.
	linkFailed struct{ err error }
	// linkWrote is a write that the store took.
	linkWrote struct{}
	// linkReplayed is the journal empty again.
	linkReplayed struct{}
	// caughtUp is a room that has read what the log holds, in the turn that it was asked in.
	caughtUp struct {
		room string
		turn uint64
	}
	linkTicked struct{}
)

// prove is the bridge's wish, to the heartbeat, for a proof that Redis takes writes; answered by linkWrote or linkFailed.
type prove struct{}

// Receive implements Actor.
func (b *bridge) Receive(self *Process, msg any) {
	switch msg.(type) {
	case Started:
		b.self = self
		b.state.pause, b.state.alone = b.core.sys.Backoff, !b.core.set.Distributed
		b.quiet = true
		b.state.start(time.Now())
		b.act()
		b.tick.again(self, linkTick, linkTicked{})
	case Recovered: // nobody knows what of the link stands, and the tick may have been in what was lost
		b.tick.again(self, linkTick, linkTicked{})
		b.state.failed(b.explain(errPanicked), true, time.Now())
		b.act()
	case Stopped:
		b.hangUp()
	}
}

// ReceiveBatch implements BatchActor: the subscriptions of one turn travel together, and so do the ends of
// others. A room that comes and goes, or goes and comes, within the turn is what it was last.
func (b *bridge) ReceiveBatch(self *Process, msgs []any) {
	turned := map[string]struct{}{}
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case watch:
			b.rooms[m.room] = m.process
			b.core.in.Post(route{m.room, m.process})
			turned[m.room] = struct{}{}
		case unwatch:
			b.core.in.Post(unroute{m.room, m.process})
			if b.rooms[m.room] == m.process {
				delete(b.rooms, m.room)
				b.onTime(m.room)
				turned[m.room] = struct{}{}
			}
		default:
			b.take(msg)
			b.act() // at once: an answer behind it, to what was asked before, is none to what it asks for
		}
	}
	if b.state.hearing {
		b.follow(turned)
	}
	b.act()
}

// follow subscribes to those of the rooms that are watched, and ends the subscription of the others.
func (b *bridge) follow(rooms map[string]struct{}) {
	var here, gone []string
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		if b.rooms[name] != nil {
			here = append(here, name)
		} else {
			gone = append(gone, name)
		}
	}
	b.subscribe(here)
	b.unsubscribe(gone)
}

func (b *bridge) take(msg any) {
	now := time.Now()
	switch m := msg.(type) {
	case Broken:
		b.failed(m.Err, true)
	case Probe:
		b.core.probes.heard(now.Sub(b.core.health.began) - time.Duration(m.SentAt))
		b.state.heardProbe(now)
	case linkFailed:
		b.failed(m.err, false)
	case linkWrote:
		b.state.wrote(now)
	case caughtUp:
		if m.turn == b.turn {
			b.onTime(m.room)
		}
	case linkReplayed:
		b.state.replayed(now)
	case logFault:
		b.logFault(m)
	case linkTicked:
		b.state.heardAnything(b.core.health.began.Add(time.Duration(b.core.health.lastHeard.Load())))
		b.state.tick(now)
		b.tick.again(b.self, linkTick, linkTicked{})
	}
}

// failed is a call that Redis did not answer well; deaf, where the subscriber is lost with it.
func (b *bridge) failed(err error, deaf bool) {
	b.why = err
	b.state.failed(b.explain(err), deaf, time.Now())
}

// act carries out what the state asks for, and what comes of that.
func (b *bridge) act() {
	for effects := b.state.take(); len(effects) > 0; effects = b.state.take() {
		for _, e := range effects {
			b.effect(e)
		}
	}
}

func (b *bridge) effect(e linkEffect) {
	switch e {
	case linkDial:
		b.dial()
	case linkHangUp:
		b.hangUp()
	case linkProbe:
		b.probe()
	case linkProve:
		b.core.heartbeat.Post(prove{})
	case linkStatus:
		b.announce()
	case linkCatch:
		b.catchUp()
	case linkChase:
		b.chase()
	}
}

// explain is the cause of an error in one sentence that holds no secret.
func (b *bridge) explain(err error) string {
	if b.core.set.Explain != nil {
		return b.core.set.Explain(err)
	}
	return err.Error()
}

func (b *bridge) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), b.core.set.LinkTimeout)
}

func (b *bridge) dial() {
	ctx, cancel := b.context()
	defer cancel()
	if err := b.sub.Open(ctx, b.hear); err != nil {
		b.failed(err, true)
		return
	}
	b.state.opened(time.Now())
	b.subscribeAll()
}

func (b *bridge) hangUp() {
	if err := b.sub.Close(); err != nil {
		b.core.sys.Log.Debug().Err(err).Msg("subscriber did not close cleanly")
	}
}

// probe sends a probe by way of the writing connection; the subscriber brings it back.
func (b *bridge) probe() {
	b.core.out.Post(Signal{Probe: &Probe{SentAt: int64(time.Since(b.core.health.began))}})
}

func (b *bridge) subscribeAll() { b.subscribe(slices.Sorted(maps.Keys(b.rooms))) }

// subscribe asks for the rooms' channels. Every subscription is a possible gap: the rooms read the log.
func (b *bridge) subscribe(names []string) {
	if len(names) == 0 {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.sub.Subscribe(ctx, names...); err != nil {
		b.failed(err, true)
		return
	}
	b.state.heardAnything(time.Now()) // what was confirmed was heard, and no probe was sent meanwhile
	for _, name := range names {
		if p := b.rooms[name]; p != nil {
			p.Post(watching{b.turn})
		}
	}
}

func (b *bridge) unsubscribe(names []string) {
	if len(names) == 0 || !b.state.hearing {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.sub.Unsubscribe(ctx, names...); err != nil {
		b.failed(err, true)
		return
	}
	b.state.heardAnything(time.Now())
}

// announce tells the log, the clients, and through the core everybody who asks.
func (b *bridge) announce() {
	s := b.core.health.noteLink(&b.state)
	first := b.quiet
	b.quiet = false
	if !s.Degraded {
		b.why = nil
	}
	if first && !s.Degraded { // healthy for the first time: nobody was told otherwise
		return
	}
	ev := b.core.sys.Log.Info()
	if s.Degraded {
		ev = b.core.sys.Log.Warn().Err(b.why)
	}
	ev.Str("mode", b.state.mode.String()).Str("cause", s.Cause).Strs("effects", s.Effects).Msg("link")
	frame := seal(wire.AppendStatus(begin(), s))
	for _, w := range b.core.writers {
		w.Post(announce{frame})
	}
	for _, p := range b.rooms {
		p.Post(linkChanged{s.Degraded})
	}
	b.core.presence.Post(linkChanged{s.Degraded})
	b.core.out.Post(linkChanged{s.Degraded})
}

// catchUp lets every room read what it may have missed, and the journal replay what it holds.
func (b *bridge) catchUp() {
	b.turn++
	clear(b.late)
	for name := range b.rooms {
		b.late[name] = struct{}{}
	}
	b.chase()
	b.core.out.Post(replay{})
}

// chase asks the rooms that have not caught up.
func (b *bridge) chase() {
	for name := range b.late {
		b.rooms[name].Post(watching{b.turn})
	}
	b.onTime("")
}

// onTime notes a room that has caught up, or is no more.
func (b *bridge) onTime(room string) {
	delete(b.late, room)
	if len(b.late) == 0 {
		b.state.caughtUp(time.Now())
	}
}

// hear is the subscriber's sink. It blocks while bridge_in is busy.
func (b *bridge) hear(ev Event) {
	b.core.health.lastHeard.Store(int64(time.Since(b.core.health.began)))
	switch m := ev.(type) {
	case Broken:
		b.self.Post(m)
		return
	case Signal:
		if m.Probe != nil {
			b.self.Post(*m.Probe)
			return
		}
	}
	_ = b.core.in.WaitHere(ev) // stopped: the node is going down
}
