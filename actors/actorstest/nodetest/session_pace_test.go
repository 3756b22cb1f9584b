package nodetest

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// blockingSocket holds up whoever writes to it, and so its writer, until it is let go.
type blockingSocket struct {
	*actorstest.FakeSocket
	blocked atomic.Bool
	free    chan struct{}
}

func (s *blockingSocket) TryWrite(p []byte) (int, error) {
	if s.blocked.Load() {
		<-s.free
	}
	return s.FakeSocket.TryWrite(p)
}

// Whatever a client sends, what waits at the writer for it is bounded: it is read no faster than its answers
// are taken.
func TestUnansweredRequestsAreLimited(t *testing.T) {
	asked := 20 * int64(session.Kind.Capacity)
	floods := map[string]func(p *peer) error{
		"pings":          func(p *peer) error { return p.Handle(wire.Command{Type: wire.Ping}) },
		"control pings":  func(p *peer) error { p.SendControl(wire.SealControl(wire.OpPong, nil)); return nil },
		"unknown types":  func(p *peer) error { return p.Handle(wire.Command{Type: wire.Unknown}) },
		"joins":          func(p *peer) error { return p.Handle(wire.Command{Type: wire.Join, Room: "den"}) },
		"histories":      func(p *peer) error { return p.Handle(wire.Command{Type: wire.History}) },
		"whos":           func(p *peer) error { return p.Handle(wire.Command{Type: wire.Who}) },
		"refreshes":      func(p *peer) error { return p.Handle(wire.Command{Type: wire.Auth, Token: "new"}) },
		"refused leaves": func(p *peer) error { return p.Handle(wire.Command{Type: wire.Leave, Room: "den"}) },
		"joins and leaves": func(p *peer) error {
			if err := p.Handle(wire.Command{Type: wire.Join, Room: "den"}); err != nil {
				return err
			}
			return p.Handle(wire.Command{Type: wire.Leave, Room: "den"})
		},
	}
	for name, ask := range floods {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *chat.Settings) {
					s.OutboxBytes = 1 << 30
					s.Verify = func(string) (chat.Identity, error) { return actorstest.AsMember("u-1"), nil }
				})
				defer r.stop()
				p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("u-1")})
				stuck := blockWriter(r, p)
				var done atomic.Int64
				go func() {
					for range asked {
						if ask(p) != nil {
							return
						}
						done.Add(1)
					}
				}()
				actorstest.Pause(time.Second)
				if n := done.Load(); n > 4*int64(session.Kind.Capacity) {
					t.Errorf("%d requests were taken while the writer took no answer", n)
				}
				stuck.blocked.Store(false)
				close(stuck.free)
				actorstest.Pause(time.Minute)
				if n := done.Load(); n != asked {
					t.Errorf("%d of %d requests were taken once the writer went on", n, asked)
				}
			})
		})
	}
}

// blockWriter holds up the writer of a peer, by another client.
func blockWriter(r *rig, p *peer) *blockingSocket {
	r.t.Helper()
	for {
		s := &blockingSocket{FakeSocket: actorstest.NewFakeSocket(), free: make(chan struct{})}
		c, err := r.core.Admit(chat.ConnectRequest{Identity: actorstest.AsMember("u-2"), Socket: s})
		if err != nil {
			r.t.Fatal(err)
		}
		actorstest.Pause(time.Second)
		if c.WriterIndex == p.WriterIndex {
			s.blocked.Store(true)
			c.Send(fanout.PingFrame)
			actorstest.Pause(time.Second)
			return s
		}
	}
}
