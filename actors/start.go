package actors

import (
	"runtime"
	"strconv"

	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/store"
)

// deps are the dependencies of all actors. The addresses in them are filled in when all processes are prepared,
// because actors send to each other.
type deps struct {
	link       *link.Deps
	publisher  *publisher.Deps
	cluster    *cluster.Deps
	moderation *moderation.Deps
	presence   *presence.Deps
	room       *room.Deps
	session    *session.Deps
}

// Start launches the actors. They connect to their ports on their own, and serve as soon as they can.
func (c *Core) Start() {
	d := c.newDeps()
	c.admitter, c.moderation = session.NewAdmitter(d.session), moderation.NewService(d.moderation)
	all := c.prepare(d)
	c.wire(d)
	for _, p := range all {
		c.system.Launch(p)
	}
}

func (c *Core) newDeps() *deps {
	s, ports, stats := c.settings, &c.ports, c.stats
	return &deps{
		link: &link.Deps{
			Config: linkConfig(s), System: c.system, Subscriber: ports.Subscriber, Probes: &stats.Link, Bus: &stats.Bus, Health: c.health,
		},
		publisher: &publisher.Deps{
			Config: publisherConfig(s), System: c.system, Appender: ports.Appender, JournalPort: ports.Journal,
			Bus: &stats.Bus, JournalStats: &stats.Journal, Health: c.health,
		},
		cluster: &cluster.Deps{
			System: c.system, Sessions: &stats.Chat.Sessions, View: c.cluster, Interval: s.HeartbeatInterval, Incarnation: s.Incarnation,
		},
		moderation: &moderation.Deps{
			System: c.system, Link: c.health, Port: ports.Sanctions, Register: c.register, EchoTimeout: s.LinkTimeout,
		},
		presence: &presence.Deps{Config: presenceConfig(s)},
		room: &room.Deps{
			Config: roomConfig(s), System: c.system, Stats: &stats.Chat, Health: c.health, Clock: c.cluster, Sanctions: c.register,
			HasJournal: ports.Journal != nil,
		},
		session: &session.Deps{
			Config: sessionConfig(s), System: c.system, Stats: &stats.Chat, Link: c.health, Sanctions: c.register,
		},
	}
}

// prepare creates the processes and returns them in the order of their launch.
func (c *Core) prepare(d *deps) (all []*process.Process) {
	add := func(kind process.Kind, id string, a process.Actor) *process.Process {
		p := c.system.Prepare(process.Spec{Kind: kind, ID: id, New: func() process.Actor { return a }})
		all = append(all, p)
		return p
	}
	for i := range max(1, runtime.GOMAXPROCS(0)/2) {
		c.Writers = append(c.Writers, add(fanout.WriterKind, strconv.Itoa(i), fanout.NewWriter(writerConfig(c.settings), c.system, &c.stats.Writes)))
	}
	c.Store = add(store.Kind, "", store.New(storePorts(&c.ports), c.settings.LinkTimeout))
	c.Dispatcher = add(link.DispatcherKind, "", link.NewDispatcher(d.link))
	if c.ports.Journal != nil {
		c.Journal = add(publisher.JournalKind, "", publisher.NewJournal(d.publisher))
	}
	c.Publisher = add(publisher.Kind, "", publisher.New(d.publisher))
	c.Clients = add(session.DirectoryKind, "", session.NewDirectory())
	c.Presence = add(presence.Kind, "", presence.New(d.presence))
	c.RoomDirectory = add(room.DirectoryKind, "", room.NewDirectory(d.room))
	c.Moderator = add(moderation.Kind, "", moderation.New(d.moderation))
	c.Heartbeat = add(cluster.Kind, "", cluster.New(d.cluster))
	c.Link = add(link.Kind, "", link.New(d.link))
	return all
}

func storePorts(p *Ports) store.Ports {
	return store.Ports{Reader: p.Reader, Presence: p.Presence, Registry: p.Registry}
}

// wire gives the actors the addresses that they send to.
func (c *Core) wire(d *deps) {
	p := &c.Processes
	l := d.link
	l.Writers, l.Dispatcher, l.Publisher, l.Presence, l.Heartbeat, l.Moderation = p.Writers, p.Dispatcher, p.Publisher, p.Presence, p.Heartbeat, p.Moderator
	pub := d.publisher
	pub.Link, pub.Dispatcher, pub.Publisher, pub.Store, pub.Journal = p.Link, p.Dispatcher, p.Publisher, p.Store, p.Journal
	d.cluster.Link, d.cluster.Store = p.Link, p.Store
	m := d.moderation
	m.Moderator, m.Directory, m.Publisher, m.Store = p.Moderator, p.Clients, p.Publisher, p.Store
	d.presence.Dispatcher, d.presence.Publisher, d.presence.Store = p.Dispatcher, p.Publisher, p.Store
	r := d.room
	r.Writers, r.Directory, r.Presence, r.Link, r.Publisher, r.Store = p.Writers, p.RoomDirectory, p.Presence, p.Link, p.Publisher, p.Store
	s := d.session
	s.Writers, s.Rooms, s.Presence, s.Directory, s.Publisher = p.Writers, p.RoomDirectory, p.Presence, p.Clients, p.Publisher
}
