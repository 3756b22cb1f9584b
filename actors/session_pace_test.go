package actors

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// stuckSocket holds up whoever writes to it, and so its writer, until it is let go.
type stuckSocket struct {
	*fakeSocket
	stuck atomic.Bool
	free  chan struct{}
}

func (s *stuckSocket) TryWrite(p []byte) (int, error) {
	if s.stuck.Load() {
		<-s.free
	}
	return s.fakeSocket.TryWrite(p)
}

// Whatever a client sends, what waits at the writer for it is bounded: it is read no faster than its answers
// are taken.
func TestAClientIsReadNoFasterThanItIsAnswered(t *testing.T) {
	const asked = 20 * sessionBound
	floods := map[string]func(p *peer) error{
		"pings":          func(p *peer) error { return p.Receive(wire.Command{Type: wire.Ping}) },
		"control pings":  func(p *peer) error { p.Control(wire.SealControl(wire.OpPong, nil)); return nil },
		"unknown types":  func(p *peer) error { return p.Receive(wire.Command{Type: wire.Unknown}) },
		"joins":          func(p *peer) error { return p.Receive(wire.Command{Type: wire.Join, Room: "den"}) },
		"histories":      func(p *peer) error { return p.Receive(wire.Command{Type: wire.History}) },
		"whos":           func(p *peer) error { return p.Receive(wire.Command{Type: wire.Who}) },
		"refreshes":      func(p *peer) error { return p.Receive(wire.Command{Type: wire.Auth, Token: "new"}) },
		"refused leaves": func(p *peer) error { return p.Receive(wire.Command{Type: wire.Leave, Room: "den"}) },
		"joins and leaves": func(p *peer) error {
			if err := p.Receive(wire.Command{Type: wire.Join, Room: "den"}); err != nil {
				return err
			}
			return p.Receive(wire.Command{Type: wire.Leave, Room: "den"})
		},
	}
	for name, ask := range floods {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *Settings) {
					s.OutboxBytes = 1 << 30
					s.Verify = func(string) (Identity, error) { return asMember("u-1"), nil }
				})
				defer r.stop()
				p := r.connect(Arrival{Identity: asMember("u-1")})
				stuck := stickWriter(r, p)
				var done atomic.Int64
				go func() {
					for range asked {
						if ask(p) != nil {
							return
						}
						done.Add(1)
					}
				}()
				pause(time.Second)
				if n := done.Load(); n > 4*sessionBound {
					t.Errorf("%d requests were taken while the writer took no answer", n)
				}
				stuck.stuck.Store(false)
				close(stuck.free)
				pause(time.Minute)
				if n := done.Load(); n != asked {
					t.Errorf("%d of %d requests were taken once the writer went on", n, asked)
				}
			})
		})
	}
}

// stickWriter holds up the writer of a peer, by another client.
func stickWriter(r *rig, p *peer) *stuckSocket {
	r.t.Helper()
	for {
		s := &stuckSocket{fakeSocket: newFakeSocket(), free: make(chan struct{})}
		c, err := r.core.Admit(Arrival{Identity: asMember("u-2"), Socket: s})
		if err != nil {
			r.t.Fatal(err)
		}
		pause(time.Second)
		if c.lane == p.lane {
			s.stuck.Store(true)
			c.send(pingFrame)
			pause(time.Second)
			return s
		}
	}
}
