package actors

import (
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/session"
	"chatnode/actors/stats"
)

// Core is the set of actors of one node. New creates it, Start launches the actors, Stop ends them.
type Core struct {
	settings *chat.Settings
	system   *process.System
	ports    Ports
	stats    *stats.Stats
	health   *link.Health
	cluster  *cluster.View
	register *moderation.Register
	Processes

	admitter   *session.Admitter
	moderation *moderation.Service
	stopping   atomic.Bool
}

// Processes are the addresses of the actors that every node has once. They are valid after Start.
type Processes struct {
	Link, Dispatcher, Publisher, Store, RoomDirectory, Presence, Heartbeat, Moderator, Clients *process.Process

	Journal *process.Process   // nil on a standalone node
	Writers []*process.Process // one for every two cores
}

// Ports are the implementations of the ports of a node.
type Ports struct {
	Appender   chat.Appender
	Subscriber chat.Subscriber
	Reader     chat.Reader
	Presence   chat.PresenceStore
	Registry   chat.Registry
	Journal    chat.Journal   // nil on a standalone node, whose log is on its own disk
	Sanctions  chat.Sanctions // nil: no bans, mutes and slow modes
}

// New creates the actors of a node. It starts none of them.
func New(system *process.System, settings chat.Settings, ports Ports) *Core {
	c := &Core{settings: &settings, system: system, ports: ports, stats: &stats.Stats{}, health: link.NewHealth(), cluster: &cluster.View{}}
	c.register = moderation.NewRegister(c.cluster)
	return c
}
