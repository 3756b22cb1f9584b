package actors

import (
	"strconv"
	"sync/atomic"

	"chatnode/actors/wire"
)

// sessionDeps is what the sessions work with.
type sessionDeps struct {
	set        *Settings
	sys        *System
	stats      *ChatStats
	link       *linkHealth
	sanctioned *sanctionRegister
	writers    []*Process
	sessions   atomic.Uint64 // counter of the session ids

	rooms, presence, clients, out *Process
}

// Admit begins the session of a connection that was upgraded. From then on the socket is the
// writer's.
func (c *sessionDeps) Admit(a Arrival) (Conn, error) {
	n := c.sessions.Add(1)
	lane := int(n) % len(c.writers)
	client := &Client{socket: a.Socket, lane: lane, writer: c.writers[lane], userID: a.Identity.UserID}
	if z, ok := a.Socket.(interface{ Compressed() bool }); ok {
		client.compressed = z.Compressed() && c.set.Deflate != nil
	}
	s := &session{core: c, client: client, identity: a.Identity, arrival: &a}
	spec := Spec{Kind: KindSession, ID: strconv.FormatUint(n, 36), Bound: sessionBound, New: func() Actor { return s }}
	spec.GaveUp = s.abandon
	c.stats.Sessions.Add(1)
	client.session = c.sys.Prepare(spec)
	client.Alive()
	c.sys.Launch(client.session)
	c.clients.Post(arrived{client})
	if reason, banned := c.sanctioned.Banned(a.Identity.UserID); banned { // since the edge has looked
		client.session.Post(dismiss{wire.ClosePolicy, reason})
	}
	return Conn{client}, nil
}

func (c *sessionDeps) ended(client *Client) {
	c.stats.Sessions.Add(-1)
	c.clients.Post(departed{client})
}

// greeting is the first frame of a session.
func (c *sessionDeps) greeting(session *Process, id *Identity) *wire.Connected {
	return &wire.Connected{
		UserID: id.UserID, UserName: id.UserName, Role: id.Role.String(), ReadOnly: id.ReadOnly,
		SessionID:  c.set.Incarnation + "-" + session.pid.ID[len(KindSession)+1:],
		InstanceID: c.set.InstanceID,
		PingMs:     c.set.PingInterval.Milliseconds(), Limits: limitsOf(c.set), Status: *c.link.Status(),
	}
}

func limitsOf(s *Settings) wire.Limits {
	return wire.Limits{MaxMessageLength: s.MaxMessageLength, MaxFrameBytes: s.MaxFrameBytes, RateMessages: s.RateLimit.Messages, RateWindowMs: s.RateLimit.Window.Milliseconds()}
}
