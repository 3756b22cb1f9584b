package actors

import (
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
	writers []*Process

	rooms, presence, bridge, out, in, store, clients, heartbeat, journal, sanctions *Process

	sessions atomic.Uint64 // counter of the session ids
	stopping atomic.Bool

	lastHeard atomic.Int64 // ns after began when the subscriber last brought anything
	status    atomic.Pointer[wire.Status]
	fault     atomic.Pointer[wire.Status] // of the log, on a node without Redis; nil: it never had one
	view      atomic.Pointer[Cluster]

	sanctioned atomic.Pointer[sanctionView]
	born       time.Time
	began      time.Time // of the monotonic clock that probes are timed with
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
	stats := &Stats{}
	set.stats = stats
	now := time.Now()
	return &Core{set: &set, sys: sys, ports: ports, stats: stats, born: now, began: now}
}

// Start spawns the actors. They connect by themselves and serve as soon as they can.
func (c *Core) Start() {
	var all []*Process
	prepare := func(kind, id string, bound int, a Actor) *Process {
		p := c.sys.Prepare(Spec{Kind: kind, ID: id, Bound: bound, New: func() Actor { return a }})
		all = append(all, p)
		return p
	}
	for i := range max(1, runtime.GOMAXPROCS(0)/2) {
		c.writers = append(c.writers, prepare(KindWriter, strconv.Itoa(i), writerBound, newWriter(c.set, c.sys)))
	}
	c.store = prepare(KindStore, "", storeBound, &store{core: c, reader: c.ports.Reader, presence: c.ports.Presence, registry: c.ports.Registry})
	c.in = prepare(KindIn, "", inBound, &bridgeIn{core: c, routes: map[string]*Process{}})
	if c.ports.Journal != nil {
		c.journal = prepare(KindJournal, "", journalBound, &journal{core: c, port: c.ports.Journal, keys: map[string]keptWrite{}})
	}
	c.out = prepare(KindOut, "", outBound, &bridgeOut{core: c, port: c.ports.Appender, acked: ackedLog{on: c.set.Distributed}, floors: map[string]Floor{}, pace: commitPace{limit: c.set.CommitPace}})
	c.clients = prepare(KindClients, "", clientsBound, &clients{byUser: map[string][]*Client{}})
	c.presence = prepare(KindPresence, "", presenceBound, &presence{core: c, state: newPresenceState(), rosters: map[string]*roster{}, names: nameBook{most: namesMost}})
	c.rooms = prepare(KindRooms, "", roomsBound, &rooms{core: c, live: map[string]*tenant{}})
	c.sanctions = prepare(KindSanctions, "", sanctionsBound, &sanctions{core: c})
	c.heartbeat = prepare(KindBeat, "", beatBound, &heartbeat{core: c})
	c.bridge = prepare(KindBridge, "", bridgeBound, &bridge{core: c, sub: c.ports.Subscriber, rooms: map[string]*Process{}, late: map[string]struct{}{}})
	for _, p := range all {
		c.sys.Launch(p)
	}
}

// Stats are the node's figures.
func (c *Core) Stats() *Stats { return c.stats }

// Admit begins the session of a connection that was upgraded. From then on the socket is the
// writer's. It returns ErrStopped while the node is going down.
func (c *Core) Admit(a Arrival) (*Client, error) {
	if c.stopping.Load() {
		return nil, ErrStopped
	}
	n := c.sessions.Add(1)
	lane := int(n) % len(c.writers)
	client := &Client{socket: a.Socket, lane: lane, writer: c.writers[lane], userID: a.Identity.UserID}
	if z, ok := a.Socket.(interface{ Compressed() bool }); ok {
		client.compressed = z.Compressed() && c.set.Deflate != nil
	}
	s := &session{core: c, client: client, identity: a.Identity, arrival: &a}
	spec := Spec{Kind: KindSession, ID: strconv.FormatUint(n, 36), Bound: sessionBound, New: func() Actor { return s }}
	spec.GaveUp = s.abandon
	c.stats.Chat.Sessions.Add(1)
	client.session = c.sys.Prepare(spec)
	client.Alive()
	c.sys.Launch(client.session)
	c.clients.Post(arrived{client})
	if reason, banned := c.Banned(a.Identity.UserID); banned { // since the edge has looked
		client.session.Post(dismiss{wire.ClosePolicy, reason})
	}
	return client, nil
}

func (c *Core) ended(client *Client) {
	c.stats.Chat.Sessions.Add(-1)
	c.clients.Post(departed{client})
}

// greeting is the first frame of a session.
func (c *Core) greeting(session *Process, id *Identity) *wire.Connected {
	return &wire.Connected{
		UserID: id.UserID, UserName: id.UserName, Role: id.Role.String(), ReadOnly: id.ReadOnly,
		SessionID:  c.set.Incarnation + "-" + session.pid.ID[len(KindSession)+1:],
		InstanceID: c.set.InstanceID,
		PingMs:     c.set.PingInterval.Milliseconds(), Limits: c.set.limits(), Status: *c.Status(),
	}
}

// control carries out an order that an admin has given to all nodes.
func (c *Core) control(m *Control) {
	switch m.Op {
	case ControlDisconnect:
		c.clients.Post(*m)
		c.sanctions.Post(orderHeard{*m})
	case ControlSanctions:
		c.sanctions.Post(sanctionsTurned{})
	}
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
