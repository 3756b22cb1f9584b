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

	rooms, presence, bridge, out, in, store, clients *Process

	sessions atomic.Uint64 // counter of the session ids
	stopping atomic.Bool
}

// Ports are the implementations that the actors work with.
type Ports struct {
	Appender   Appender
	Subscriber Subscriber
	Reader     Reader
	Presence   PresenceStore
}

// New builds the actors' core. It starts nothing.
func New(sys *System, set Settings, ports Ports) *Core {
	stats := &Stats{}
	set.stats = stats
	return &Core{set: &set, sys: sys, ports: ports, stats: stats}
}

// Start spawns the actors. They connect by themselves and serve as soon as they can.
func (c *Core) Start() {
	for i := range max(1, runtime.GOMAXPROCS(0)/2) {
		w := newWriter(c.set, c.sys)
		c.writers = append(c.writers, c.sys.Spawn(Spec{Kind: KindWriter, ID: strconv.Itoa(i), Bound: writerBound, New: func() Actor { return w }}))
	}
	one := func(to **Process, kind string, bound int, a Actor) {
		c.sys.SpawnInto(to, Spec{Kind: kind, Bound: bound, New: func() Actor { return a }})
	}
	// An actor handles its first message at once, so whom it tells must be there: back to front.
	one(&c.store, KindStore, storeBound, &store{core: c, reader: c.ports.Reader, presence: c.ports.Presence})
	one(&c.in, KindIn, inBound, &bridgeIn{core: c, routes: map[string]*Process{}})
	one(&c.out, KindOut, outBound, &bridgeOut{core: c, port: c.ports.Appender})
	one(&c.clients, KindClients, clientsBound, &clients{byUser: map[string][]*Client{}})
	one(&c.bridge, KindBridge, bridgeBound, &bridge{core: c, sub: c.ports.Subscriber, rooms: map[string]*Process{}})
	one(&c.presence, KindPresence, presenceBound, &presence{core: c, state: newPresenceState()})
	one(&c.rooms, KindRooms, roomsBound, &rooms{core: c, live: map[string]*tenant{}})
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
	client := &Client{socket: a.Socket, lane: lane, writer: c.writers[lane], userID: a.Identity.UserID, role: a.Identity.Role}
	client.seen.Store(time.Now().Unix())
	s := &session{core: c, client: client, identity: a.Identity, arrival: &a}
	spec := Spec{Kind: KindSession, ID: strconv.FormatUint(n, 36), Bound: sessionBound, New: func() Actor { return s }}
	spec.GaveUp = func() { client.cut(wire.CloseInternal, "session failed") }
	c.stats.Chat.Sessions.Add(1)
	c.sys.SpawnInto(&client.session, spec)
	c.clients.Post(arrived{client})
	return client, nil
}

func (c *Core) ended(client *Client) {
	c.stats.Chat.Sessions.Add(-1)
	c.clients.Post(departed{client})
}

// greeting is the first frame of a session.
func (c *Core) greeting(session *Process, id *Identity) *wire.Connected {
	return &wire.Connected{
		UserID: id.UserID, UserName: id.UserName, Role: id.Role.String(),
		SessionID:  c.set.Incarnation + "-" + session.pid.ID[len(KindSession)+1:],
		InstanceID: c.set.InstanceID,
		PingMs:     c.set.PingInterval.Milliseconds(), Limits: c.set.limits(),
	}
}

// control carries out an order that an admin has given to all nodes.
func (c *Core) control(m *Control) {
	if m.Op == ControlDisconnect {
		c.clients.Post(*m)
	}
}

// Drain sends every client away within window, each told its own slot, and waits until they have
// gone or limit has passed. New connections are refused from now on.
func (c *Core) Drain(reason string, window, limit time.Duration) {
	c.stopping.Store(true)
	timeout := time.After(limit)
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
	gone := make(chan struct{})
	c.presence.Post(farewell{gone})
	wait(gone)
	for _, p := range append([]*Process{c.rooms, c.out, c.bridge, c.in, c.presence, c.store, c.clients}, c.writers...) {
		wait(p.Stop())
	}
}
