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

// blockingSocket is a socket whose TryWrite blocks its writer while blocked is set, until free is closed.
type blockingSocket struct {
	*actorstest.FakeSocket
	blocked atomic.Bool
	free    chan struct{}
}

// TryWrite implements chat.Socket.
func (s *blockingSocket) TryWrite(p []byte) (int, error) {
	if s.blocked.Load() {
		<-s.free
	}
	return s.FakeSocket.TryWrite(p)
}

// The number of answers that wait at the writer for one client is limited for every command: the session accepts no
// further commands until answers are written.
func TestUnansweredRequestsAreLimited(t *testing.T) {
	requests := 20 * int64(session.Kind.Capacity)
	commands := map[string]func(p *peer) error{
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
	for name, send := range commands {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(s *chat.Settings) {
					s.OutboxBytes = 1 << 30
					s.Verify = func(string) (chat.Identity, error) { return actorstest.AsMember("u-1"), nil }
				})
				defer r.stop()
				p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("u-1")})
				socket := blockWriter(r, p)
				var done atomic.Int64
				go func() {
					for range requests {
						if send(p) != nil {
							return
						}
						done.Add(1)
					}
				}()
				actorstest.Pause(time.Second)
				if n := done.Load(); n > 4*int64(session.Kind.Capacity) {
					t.Errorf("%d requests accepted while the writer was blocked", n)
				}
				socket.blocked.Store(false)
				close(socket.free)
				actorstest.Pause(time.Minute)
				if n := done.Load(); n != requests {
					t.Errorf("%d of %d requests accepted after the writer continued", n, requests)
				}
			})
		})
	}
}

// blockWriter blocks the writer of p by the socket of another client.
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
