package session

import (
	"strconv"
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Admitter starts the sessions.
type Admitter struct {
	deps     *Deps
	admitted atomic.Uint64 // sessions started; the next session id
}

// NewAdmitter returns an Admitter.
func NewAdmitter(deps *Deps) *Admitter { return &Admitter{deps: deps} }

// Admit starts the session of an upgraded connection. The socket belongs to a writer from now on. Admit is safe for
// concurrent use.
func (a *Admitter) Admit(req chat.ConnectRequest) (Conn, error) {
	d := a.deps
	n := a.admitted.Add(1)
	writer := int(n) % len(d.Writers)
	client := &fanout.Client{Socket: req.Socket, WriterIndex: writer, Writer: d.Writers[writer], UserID: req.Identity.UserID}
	if z, ok := req.Socket.(interface{ Compressed() bool }); ok {
		client.Compressed = z.Compressed() && d.Config.Compress
	}
	s := &Session{deps: d, client: client, Identity: req.Identity, request: &req}
	d.Stats.Sessions.Add(1)
	client.Session = d.System.Prepare(process.Spec{
		Kind: Kind, ID: strconv.FormatUint(n, 36), New: func() process.Actor { return s }, OnGiveUp: s.onGiveUp,
	})
	client.Touch()
	d.System.Launch(client.Session)
	d.Directory.Post(clientConnected{client})
	if reason, banned := d.Sanctions.Banned(req.Identity.UserID); banned { // imposed after the check of the upgrade
		client.Session.Post(&CloseSession{wire.ClosePolicy, reason})
	}
	return Conn{client}, nil
}
