package session

import (
	"strconv"
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/stats"
	"chatnode/actors/wire"
)

// sessionDeps is what the sessions work with.
type Deps struct {
	Set        *chat.Settings
	Sys        *process.System
	Stats      *stats.ChatStats
	Link       *link.Health
	Sanctioned *moderation.Register
	Writers    []*process.Process
	sessions   atomic.Uint64 // counter of the session ids

	Rooms, Presence, Clients, Out *process.Process
}

// Admit begins the session of a connection that was upgraded. From then on the socket is the
// writer's.
func (c *Deps) Admit(a chat.ConnectRequest) (Conn, error) {
	n := c.sessions.Add(1)
	lane := int(n) % len(c.Writers)
	client := &fanout.Client{Socket: a.Socket, WriterIndex: lane, Writer: c.Writers[lane], UserID: a.Identity.UserID}
	if z, ok := a.Socket.(interface{ Compressed() bool }); ok {
		client.Compressed = z.Compressed() && c.Set.Deflate != nil
	}
	s := &Session{core: c, client: client, Identity: a.Identity, arrival: &a}
	spec := process.Spec{Kind: Kind, ID: strconv.FormatUint(n, 36), New: func() process.Actor { return s }}
	spec.OnGiveUp = s.onGiveUp
	c.Stats.Sessions.Add(1)
	client.Session = c.Sys.Prepare(spec)
	client.Touch()
	c.Sys.Launch(client.Session)
	c.Clients.Post(clientConnected{client})
	if reason, banned := c.Sanctioned.Banned(a.Identity.UserID); banned { // since the edge has looked
		client.Session.Post(CloseSession{wire.ClosePolicy, reason})
	}
	return Conn{client}, nil
}

func (c *Deps) ended(client *fanout.Client) {
	c.Stats.Sessions.Add(-1)
	c.Clients.Post(clientDisconnected{client})
}

// greeting is the first frame of a session.
func (c *Deps) greeting(session *process.Process, id *chat.Identity) *wire.Connected {
	return &wire.Connected{
		UserID: id.UserID, UserName: id.UserName, Role: id.Role.String(), ReadOnly: id.ReadOnly,
		SessionID:  c.Set.Incarnation + "-" + session.ID()[len(Kind.Name)+1:],
		InstanceID: c.Set.InstanceID,
		PingMs:     c.Set.PingInterval.Milliseconds(), Limits: limitsOf(c.Set), Status: *c.Link.Status(),
	}
}

func limitsOf(s *chat.Settings) wire.Limits {
	return wire.Limits{MaxMessageLength: s.MaxMessageLength, MaxFrameBytes: s.MaxFrameBytes, RateMessages: s.RateLimit.Messages, RateWindowMs: s.RateLimit.Window.Milliseconds()}
}
