// Package actors wires the actors of one node.
package actors

import (
	"context"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	linkpkg "chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	roompkg "chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/stats"
	"chatnode/actors/store"
	"chatnode/actors/wire"
)

// Core is the actors of one node, wired. New builds it, Start spawns the actors, Stop ends them.
type Core struct {
	Set     *chat.Settings
	Sys     *process.System
	ports   Ports
	Figures *stats.Stats
	Link    *linkpkg.Health
	cluster *cluster.View
	banned  *moderation.Register
	Writers []*process.Process

	RoomsProcess, Presence, Bridge, Out, In, store, clients, Heartbeat, journal, listSanctions *process.Process

	admitter   *session.Admitter
	moderation *moderation.Service
	stopping   atomic.Bool
}

// Ports are the implementations that the actors work with.
type Ports struct {
	Appender   chat.Appender
	Subscriber chat.Subscriber
	Reader     chat.Reader
	Presence   chat.PresenceStore
	Registry   chat.Registry
	Journal    chat.Journal   // nil without Redis: the log itself is on this node's disk
	Sanctions  chat.Sanctions // nil: nobody can be banned or muted
}

// New builds the actors' core. It starts nothing.
func New(sys *process.System, set chat.Settings, ports Ports) *Core {
	c := &Core{Set: &set, Sys: sys, ports: ports, Figures: &stats.Stats{}, Link: linkpkg.NewHealth(), cluster: &cluster.View{}}
	c.banned = moderation.NewRegister(c.cluster)
	return c
}

// Start spawns the actors. They connect by themselves and serve as soon as they can.
func (c *Core) Start() {
	var all []*process.Process
	prepare := func(kind process.Kind, id string, a process.Actor) *process.Process {
		p := c.Sys.Prepare(process.Spec{Kind: kind, ID: id, New: func() process.Actor { return a }})
		all = append(all, p)
		return p
	}
	link := &linkpkg.Deps{Config: linkConfig(c.Set), System: c.Sys, Subscriber: c.ports.Subscriber, Probes: &c.Figures.Link, Bus: &c.Figures.Bus, Health: c.Link}
	pub := &publisher.Deps{Config: publisherConfig(c.Set), System: c.Sys, Appender: c.ports.Appender, JournalPort: c.ports.Journal, Bus: &c.Figures.Bus, JournalStats: &c.Figures.Journal, Health: c.Link}
	clu := &cluster.Deps{System: c.Sys, Sessions: &c.Figures.Chat.Sessions, View: c.cluster, Interval: c.Set.HeartbeatInterval, Incarnation: c.Set.Incarnation}
	mod := &moderation.Deps{System: c.Sys, Link: c.Link, Port: c.ports.Sanctions, Register: c.banned, EchoTimeout: c.Set.LinkTimeout}
	pre := &presence.Deps{Config: presenceConfig(c.Set)}
	rms := &roompkg.Deps{Config: roomConfig(c.Set), System: c.Sys, Stats: &c.Figures.Chat, Health: c.Link, Clock: c.cluster, Sanctions: c.banned, HasJournal: c.ports.Journal != nil}
	ses := &session.Deps{Config: sessionConfig(c.Set), System: c.Sys, Stats: &c.Figures.Chat, Link: c.Link, Sanctions: c.banned}
	c.admitter, c.moderation = session.NewAdmitter(ses), moderation.NewService(mod)
	for i := range max(1, runtime.GOMAXPROCS(0)/2) {
		c.Writers = append(c.Writers, prepare(fanout.WriterKind, strconv.Itoa(i), fanout.NewWriter(writerConfig(c.Set), c.Sys, &c.Figures.Writes)))
	}
	c.store = prepare(store.Kind, "", store.New(store.Ports{Reader: c.ports.Reader, Presence: c.ports.Presence, Registry: c.ports.Registry}, c.Set.LinkTimeout))
	c.In = prepare(linkpkg.DispatcherKind, "", linkpkg.NewDispatcher(link))
	if c.ports.Journal != nil {
		c.journal = prepare(publisher.JournalKind, "", publisher.NewJournal(pub))
	}
	c.Out = prepare(publisher.Kind, "", publisher.New(pub))
	c.clients = prepare(session.DirectoryKind, "", session.NewDirectory())
	c.Presence = prepare(presence.Kind, "", presence.New(pre))
	c.RoomsProcess = prepare(roompkg.DirectoryKind, "", roompkg.NewDirectory(rms))
	c.listSanctions = prepare(moderation.Kind, "", moderation.New(mod))
	c.Heartbeat = prepare(cluster.Kind, "", cluster.New(clu))
	c.Bridge = prepare(linkpkg.Kind, "", linkpkg.New(link))
	link.Writers, link.Dispatcher, link.Publisher, link.Presence, link.Heartbeat, link.Moderation = c.Writers, c.In, c.Out, c.Presence, c.Heartbeat, c.listSanctions
	pub.Link, pub.Dispatcher, pub.Publisher, pub.Store, pub.Journal = c.Bridge, c.In, c.Out, c.store, c.journal
	clu.Link, clu.Store = c.Bridge, c.store
	mod.Moderator, mod.Directory, mod.Publisher, mod.Store = c.listSanctions, c.clients, c.Out, c.store
	pre.Dispatcher, pre.Publisher, pre.Store = c.In, c.Out, c.store
	rms.Writers, rms.Directory, rms.Presence, rms.Link, rms.Publisher, rms.Store = c.Writers, c.RoomsProcess, c.Presence, c.Bridge, c.Out, c.store
	ses.Writers, ses.Rooms, ses.Presence, ses.Directory, ses.Publisher = c.Writers, c.RoomsProcess, c.Presence, c.clients, c.Out
	for _, p := range all {
		c.Sys.Launch(p)
	}
}

func linkConfig(s *chat.Settings) linkpkg.Config {
	return linkpkg.Config{Distributed: s.Distributed, CallTimeout: s.LinkTimeout, DescribeError: s.DescribeError}
}

func publisherConfig(s *chat.Settings) publisher.Config {
	return publisher.Config{
		Distributed: s.Distributed, HistorySize: s.HistorySize, IdempotencyWindow: s.IdempotencyWindow,
		MaxCommitDelay: s.MaxCommitDelay, CallTimeout: s.LinkTimeout,
	}
}

// Stats are the node's figures.
func (c *Core) Stats() *stats.Stats { return c.Figures }

// Admit begins the session of a connection that was upgraded. From then on the socket is the
// writer's. It returns ErrStopped while the node is going down.
func (c *Core) Admit(a chat.ConnectRequest) (session.Conn, error) {
	if c.stopping.Load() {
		return session.Conn{}, process.ErrStopped
	}
	return c.admitter.Admit(a)
}

// Status is the state of the link, or of the log where there is none, in words. A node that is still connecting is
// not degraded yet.
func (c *Core) Status() *wire.Status { return c.Link.Status() }

// Connecting reports whether the node has not made up its mind yet.
func (c *Core) Connecting() bool { return c.Link.Connecting() }

func (c *Core) Degraded() bool { return c.Link.Degraded() }

// Cluster is what the last beat told of the instances.
func (c *Core) Cluster() chat.Cluster { return c.cluster.Cluster() }

// Audit writes an act into the log, as one line with audit: true. No level and no limit of repeats holds
// it back.
func (c *Core) Audit(a *chat.AuditEvent) { a.Log(&c.Sys.Log) }

// Write stores and delivers a write as if a client had sent it.
func (c *Core) Write(ctx context.Context, w roompkg.APIWrite) (chat.WriteResult, error) {
	if c.stopping.Load() {
		return chat.WriteResult{}, process.ErrStopped
	}
	return roompkg.SubmitWrite(ctx, c.RoomsProcess, c.Set.MaxMessageLength, w)
}

// History reads the newest limit messages before a seq (0: from the end) from the log.
func (c *Core) History(ctx context.Context, room string, before uint64, limit int) (roompkg.HistoryPage, error) {
	return roompkg.AskForHistory(ctx, c.store, room, before, limit)
}

// RoomLoads measures every living room of this node, in no particular order.
func (c *Core) RoomLoads(ctx context.Context) ([]roompkg.Load, error) {
	return roompkg.AskForLoads(ctx, c.RoomsProcess)
}

// Rooms lists at most limit rooms by size, those after the given one (nil: from the largest).
func (c *Core) Rooms(ctx context.Context, after *presence.RoomSize, limit int) (presence.RoomsPage, error) {
	return presence.Rooms(ctx, c.Presence, after, limit)
}

// Roster counts and lists who is in a room, at most limit users after the cursor.
func (c *Core) Roster(ctx context.Context, room, cursor string, limit int) (presence.RosterPage, error) {
	return presence.Roster(ctx, c.Presence, room, cursor, limit)
}

// Sanctioned is the sanction that holds for a subject now, as this node last heard. It asks nobody.
func (c *Core) Sanctioned(kind chat.SanctionKind, subject string) (chat.Sanction, bool) {
	return c.banned.Sanctioned(kind, subject)
}

// Banned says whether a user may not come in, and the reason that the user is told.
func (c *Core) Banned(userID string) (reason string, banned bool) { return c.banned.Banned(userID) }

// Impose sets or replaces a sanction for a time, 0: for ever.
func (c *Core) Impose(ctx context.Context, s chat.Sanction, forHowLong time.Duration) (chat.Sanction, error) {
	return c.moderation.Impose(ctx, s, forHowLong)
}

// Lift ends a sanction. ErrNoSanction: there was none.
func (c *Core) Lift(ctx context.Context, kind chat.SanctionKind, subject string) error {
	return c.moderation.Lift(ctx, kind, subject)
}

// ListSanctions lists at most limit sanctions that hold, by kind and subject.
func (c *Core) ListSanctions(kind chat.SanctionKind, after chat.Sanction, limit int) (list []chat.Sanction, more bool) {
	return c.banned.List(kind, after, limit)
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
	if c.Set.Distributed && c.Figures.Chat.Sessions.Load() > 0 {
		c.Presence.Post(presence.FreezePresence{})
		defer func() { // runs when all have gone
			select {
			case <-time.After(returnSlack + 2*c.Set.PresenceDebounce):
			case <-timeout:
			}
		}()
	}
	for _, w := range c.Writers {
		done := make(chan struct{})
		w.Post(&fanout.DrainRequest{Reason: reason, Window: window, Deadline: limit, Done: done})
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
	c.Presence.Post(presence.ClearPresence{Done: gone})
	wait(gone)
	c.Heartbeat.Post(cluster.DeregisterInstance{Done: off})
	wait(off)
	for _, p := range append([]*process.Process{c.listSanctions, c.RoomsProcess, c.Out, c.journal, c.Bridge, c.In, c.Presence, c.Heartbeat, c.store, c.clients}, c.Writers...) {
		if p != nil {
			wait(p.Stop())
		}
	}
}

func roomConfig(s *chat.Settings) roompkg.Config {
	return roompkg.Config{
		Incarnation: s.Incarnation, Stored: s.Stored, Recent: s.Recent, OutboxBytes: fanout.Budget(s.OutboxBytes), RoomIdle: s.RoomIdle,
		PresenceDebounce: s.PresenceDebounce, DedupWindow: s.DedupWindow, Distributed: s.Distributed,
	}
}
