package nodetest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// An error for a command with an invalid id contains no id. Commands without an id in the protocol ignore it.
func TestInvalidIDsAreRejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		actorstest.Pause(time.Second)
		types := []wire.CommandType{wire.Join, wire.Leave, wire.History, wire.Who, wire.Auth, wire.Unknown}
		for kind := range chat.EntryKinds() {
			types = append(types, kind.Command())
		}
		for _, id := range []string{strings.Repeat("i", wire.MaxID+1), "a b", "\u0001"} {
			for _, typ := range types {
				before := len(p.framesOfType("error"))
				p.do(wire.Command{Type: typ, ID: id, Message: "hi", MessageID: "m"})
				actorstest.Pause(time.Second)
				if all := p.framesOfType("error"); len(all) != before+1 || all[before].Code != "bad_field" || all[before].ID != "" {
					t.Errorf("%s with id %q: errors %v, want bad_field without an id", typ, id, all[before:])
				}
			}
		}
		p.do(wire.Command{Type: wire.Ping, ID: "a b"})
		p.do(wire.Command{Type: wire.Who, ID: strings.Repeat("i", wire.MaxID)})
		actorstest.Pause(time.Second)
		if len(p.framesOfType("pong")) != 1 || len(p.framesOfType("roster")) != 1 {
			t.Errorf("frames %v, want pong and roster", p.socket.Frames(t))
		}
	})
}
