package nodetest

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// rig is a core on a fake bus.
type rig struct {
	t    testing.TB
	bus  *actorstest.FakeBus
	core *actors.Core
	sys  *process.System
}

func newRig(t testing.TB, change ...func(*chat.Settings)) *rig {
	t.Helper()
	sys, err := process.NewSystem(zerolog.Nop(), actors.Kinds...)
	if err != nil {
		t.Fatal(err)
	}
	set := actorstest.Settings()
	for _, f := range change {
		f(&set)
	}
	r := &rig{t: t, bus: actorstest.NewFakeBus(), sys: sys}
	r.core = actors.New(sys, set, portsOf(r.bus))
	r.core.Start()
	return r
}

func (r *rig) stop() { r.core.Stop(5 * time.Second) }

// peer is a client of a rig.
type peer struct {
	session.Conn
	rig    *rig
	socket *actorstest.FakeSocket
}

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

func (p *peer) do(cmd wire.Command) {
	p.rig.t.Helper()
	if err := p.Handle(cmd); err != nil {
		p.rig.t.Fatal(err)
	}
}

// framesOfType returns the frames of one type that have come so far.
func (p *peer) framesOfType(typ string) (out []actorstest.Frame) {
	for _, f := range p.socket.Frames(p.rig.t) {
		if f.Type == typ {
			out = append(out, f)
		}
	}
	return out
}

// onlyFrame returns the only frame of a type.
func (p *peer) onlyFrame(typ string) actorstest.Frame {
	p.rig.t.Helper()
	all := p.framesOfType(typ)
	if len(all) != 1 {
		p.rig.t.Fatalf("%d frames of type %s, want 1: %v", len(all), typ, p.socket.Frames(p.rig.t))
	}
	return all[0]
}

func portsOf(b *actorstest.FakeBus) actors.Ports {
	return actors.Ports{Appender: b, Subscriber: b, Reader: b, Presence: b, Registry: b}
}
