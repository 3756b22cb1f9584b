package actors

import (
	"context"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"chatnode/actors/wire"
)

// Core is the actors of one node, wired. New builds it, Start spawns the actors, Stop ends them.
type Core struct {
	set     *Settings
	sys     *System
	ports   Ports
	stats   *Stats
	link    *linkHealth
	cluster *clusterView
	banned  *sanctionRegister
	writers []*Process

	rooms, presence, bridge, out, in, store, clients, heartbeat, journal, sanctions *Process

	linkDeps   *linkDeps
	gate       *sessionDeps
	moderation *moderationDeps
	stopping   atomic.Bool
}

// Ports are the implementations that the actors work with.
type Ports struct {
	Appender   Appender
	Subscriber Subscriber
	Reader     Reader
	Presence   PresenceStore
	Registry   Registry
	Journal    Journal   // nil without Redis: the log itself is on this node's disk
	Sanctions  Sanctions // nil: nobody can be banned or muted
}

// New builds the actors' core. It starts nothing.
func New(sys *System, set Settings, ports Ports) *Core {
	c := &Core{set: &set, sys: sys, ports: ports, stats: &Stats{}, link: newLinkHealth(), cluster: &clusterView{}}
	c.banned = &sanctionRegister{clock: c.cluster}
	return c
}

// Start spawns the actors. They connect by themselves and serve as soon as they can.
func (c *Core) Start() {
	var all []*Process
	prepare := func(kind, id string, bound int, a Actor) *Process {
		p := c.sys.Prepare(Spec{Kind: kind, ID: id, Bound: bound, New: func() Actor { return a }})
		all = append(all, p)
		return p
	}
	link := &linkDeps{set: c.set, sys: c.sys, probes: &c.stats.Link, bus: &c.stats.Bus, health: c.link}
	pub := &publisherDeps{set: c.set, sys: c.sys, bus: &c.stats.Bus, kept: &c.stats.Journal, link: c.link}
	clu := &clusterDeps{set: c.set, sys: c.sys, sessions: &c.stats.Chat.Sessions, seen: c.cluster}
	mod := &moderationDeps{set: c.set, sys: c.sys, link: c.link, port: c.ports.Sanctions, sanctioned: c.banned}
	pre := &presenceDeps{set: c.set}
	rms := &roomDeps{set: c.set, sys: c.sys, stats: &c.stats.Chat, link: c.link, clock: c.cluster, sanctioned: c.banned, journals: c.ports.Journal != nil}
	ses := &sessionDeps{set: c.set, sys: c.sys, stats: &c.stats.Chat, link: c.link, sanctioned: c.banned}
	c.linkDeps, c.gate, c.moderation = link, ses, mod
	for i := range max(1, runtime.GOMAXPROCS(0)/2) {
		c.writers = append(c.writers, prepare(KindWriter, strconv.Itoa(i), writerBound, newWriter(c.set, c.sys, &c.stats.Writes)))
	}
	c.store = prepare(KindStore, "", storeBound, &store{limited: c.set.LinkTimeout, reader: c.ports.Reader, presence: c.ports.Presence, registry: c.ports.Registry})
	c.in = prepare(KindIn, "", inBound, &bridgeIn{core: link, routes: map[string]*Process{}})
	if c.ports.Journal != nil {
		c.journal = prepare(KindJournal, "", journalBound, &journal{core: pub, port: c.ports.Journal, keys: map[string]keptWrite{}})
	}
	c.out = prepare(KindOut, "", outBound, &bridgeOut{core: pub, port: c.ports.Appender, acked: ackedLog{on: c.set.Distributed}, floors: map[string]Floor{}, pace: commitPace{limit: c.set.CommitPace}})
	c.clients = prepare(KindClients, "", clientsBound, &clients{byUser: map[string][]*Client{}})
	c.presence = prepare(KindPresence, "", presenceBound, &presence{core: pre, state: newPresenceState(), rosters: map[string]*roster{}, names: nameBook{most: namesMost}})
	c.rooms = prepare(KindRooms, "", roomsBound, &rooms{core: rms, live: map[string]*tenant{}})
	c.sanctions = prepare(KindSanctions, "", sanctionsBound, &sanctions{core: mod})
	c.heartbeat = prepare(KindBeat, "", beatBound, &heartbeat{core: clu})
	c.bridge = prepare(KindBridge, "", bridgeBound, &bridge{core: link, sub: c.ports.Subscriber, rooms: map[string]*Process{}, late: map[string]struct{}{}})
	link.writers, link.in, link.out, link.presence, link.heartbeat, link.sanctions = c.writers, c.in, c.out, c.presence, c.heartbeat, c.sanctions
	pub.bridge, pub.in, pub.out, pub.store, pub.journal = c.bridge, c.in, c.out, c.store, c.journal
	clu.bridge, clu.store = c.bridge, c.store
	mod.self, mod.clients, mod.out, mod.store = c.sanctions, c.clients, c.out, c.store
	pre.in, pre.out, pre.store = c.in, c.out, c.store
	rms.writers, rms.rooms, rms.presence, rms.bridge, rms.out, rms.store = c.writers, c.rooms, c.presence, c.bridge, c.out, c.store
	ses.writers, ses.rooms, ses.presence, ses.clients, ses.out = c.writers, c.rooms, c.presence, c.clients, c.out
	for _, p := range all {
		c.sys.Launch(p)
	}
}

// Stats are the node's figures.
func (c *Core) Stats() *Stats { return c.stats }

// Admit begins the session of a connection that was upgraded. From then on the socket is the
// writer's. It returns ErrStopped while the node is going down.
func (c *Core) Admit(a Arrival) (Conn, error) {
	if c.stopping.Load() {
		return Conn{}, ErrStopped
	}
	return c.gate.Admit(a)
}

// Status is the state of the link, or of the log where there is none, in words. A node that is still connecting is
// not degraded yet.
func (c *Core) Status() *wire.Status { return c.link.Status() }

// Connecting reports whether the node has not made up its mind yet.
func (c *Core) Connecting() bool { return c.link.Connecting() }

func (c *Core) degraded() bool { return c.link.degraded() }

// Cluster is what the last beat told of the instances.
func (c *Core) Cluster() Cluster { return c.cluster.Cluster() }

// Audit writes an act into the log, as one line with audit: true. No level and no limit of repeats holds
// it back.
func (c *Core) Audit(a *Act) { a.log(&c.sys.Log) }

// Write stores and delivers a write as if a client had sent it.
func (c *Core) Write(ctx context.Context, w APIWrite) (Outcome, error) {
	if c.stopping.Load() {
		return Outcome{}, ErrStopped
	}
	return submitWrite(ctx, c.rooms, c.set.MaxMessageLength, w)
}

// History reads the newest limit messages before a seq (0: from the end) from the log.
func (c *Core) History(ctx context.Context, room string, before uint64, limit int) (HistoryPage, error) {
	return askForHistory(ctx, c.store, room, before, limit)
}

// RoomLoads measures every living room of this node, in no particular order.
func (c *Core) RoomLoads(ctx context.Context) ([]RoomLoad, error) { return askForLoads(ctx, c.rooms) }

// Rooms lists at most limit rooms by size, those after the given one (nil: from the largest).
func (c *Core) Rooms(ctx context.Context, after *RoomSize, limit int) (RoomsPage, error) {
	return askForRooms(ctx, c.presence, after, limit)
}

// Roster counts and lists who is in a room, at most limit users after the cursor.
func (c *Core) Roster(ctx context.Context, room, cursor string, limit int) (RosterPage, error) {
	return askForRoster(ctx, c.presence, room, cursor, limit)
}

// Sanctioned is the sanction that holds for a subject now, as this node last heard. It asks nobody.
func (c *Core) Sanctioned(kind SanctionKind, subject string) (Sanction, bool) {
	return c.banned.Sanctioned(kind, subject)
}

// Banned says whether a user may not come in, and the reason that the user is told.
func (c *Core) Banned(userID string) (reason string, banned bool) { return c.banned.Banned(userID) }

// Impose sets or replaces a sanction for a time, 0: for ever.
func (c *Core) Impose(ctx context.Context, s Sanction, forHowLong time.Duration) (Sanction, error) {
	return c.moderation.Impose(ctx, s, forHowLong)
}

// Lift ends a sanction. ErrNoSanction: there was none.
func (c *Core) Lift(ctx context.Context, kind SanctionKind, subject string) error {
	return c.moderation.Lift(ctx, kind, subject)
}

// Sanctions lists at most limit sanctions that hold, by kind and subject.
func (c *Core) Sanctions(kind SanctionKind, after Sanction, limit int) (list []Sanction, more bool) {
	return c.banned.Sanctions(kind, after, limit)
}

// Disconnect closes every connection of a user on every node, with 1008 and the reason.
func (c *Core) Disconnect(ctx context.Context, userID, reason string) error {
	return c.moderation.Disconnect(ctx, userID, reason)
}

// returnSlack is how long the last client that was sent away may take to be back on another node.
const returnSlack = time.Second

// Drain sends every client away within window, each told its own slot, and waits until they have
// gone or limit has passed. New connections are refused from now on.
//
// Their presence is taken away only after they have had the time to be present on another node, so that
// nobody sees them go.
func (c *Core) Drain(reason string, window, limit time.Duration) {
	c.stopping.Store(true)
	timeout := time.After(limit)
	if c.set.Distributed && c.stats.Chat.Sessions.Load() > 0 {
		c.presence.Post(holdPresence{})
		defer func() { // runs when all have gone
			select {
			case <-time.After(returnSlack + 2*c.set.PresenceDebounce):
			case <-timeout:
			}
		}()
	}
	for _, w := range c.writers {
		done := make(chan struct{})
		w.Post(drainClients{reason, window, limit, done})
		defer func() {
			select {
			case <-done:
			case <-timeout:
			}
		}()
	}
}

// Stop settles what is queued, takes the local users out of the presence and ends the actors, within
// limit. The ports are closed by their owners.
func (c *Core) Stop(limit time.Duration) {
	c.stopping.Store(true)
	timeout := time.After(limit)
	wait := func(done <-chan struct{}) {
		select {
		case <-done:
		case <-timeout:
		}
	}
	gone, off := make(chan struct{}), make(chan struct{})
	c.presence.Post(farewell{gone})
	wait(gone)
	c.heartbeat.Post(signOff{off})
	wait(off)
	for _, p := range append([]*Process{c.sanctions, c.rooms, c.out, c.journal, c.bridge, c.in, c.presence, c.heartbeat, c.store, c.clients}, c.writers...) {
		if p != nil {
			wait(p.Stop())
		}
	}
}
