package nodetest

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// peer is a client that is connected to the node of a rig.
type peer struct {
	session.Conn
	rig    *rig
	socket *actorstest.FakeSocket
}

// connect opens a connection to the node. The test fails if it is not admitted.
func (r *rig) connect(a chat.ConnectRequest) *peer {
	r.t.Helper()
	s := actorstest.NewFakeSocket()
	a.Socket = s
	c, err := r.core.Admit(a)
	if err != nil {
		r.t.Fatal(err)
	}
	return &peer{c, r, s}
}

// do sends a command. It blocks while the session accepts no commands.
func (p *peer) do(cmd wire.Command) {
	p.rig.t.Helper()
	if err := p.Handle(cmd); err != nil {
		p.rig.t.Fatal(err)
	}
}

// framesOfType returns the frames of one type that were received so far.
func (p *peer) framesOfType(typ string) (out []actorstest.Frame) {
	for _, f := range p.socket.Frames(p.rig.t) {
		if f.Type == typ {
			out = append(out, f)
		}
	}
	return out
}

// onlyFrame returns the only frame of a type. The test fails if there is not exactly one.
func (p *peer) onlyFrame(typ string) actorstest.Frame {
	p.rig.t.Helper()
	all := p.framesOfType(typ)
	if len(all) != 1 {
		p.rig.t.Fatalf("%d frames of type %s, want 1: %v", len(all), typ, p.socket.Frames(p.rig.t))
	}
	return all[0]
}

// lastFrame returns the frame that was received last.
func (p *peer) lastFrame(t *testing.T) actorstest.Frame {
	t.Helper()
	all := p.socket.Frames(t)
	return all[len(all)-1]
}
