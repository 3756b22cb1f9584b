package rollout

import (
	"context"
	"testing"

	"chatnode/ops/e2e/client"
)

// rollbacks are the procedures of the guide. Each leaves chatnode-1 running.
var rollbacks = []struct {
	name   string
	args   []string
	down   []string // nodes that must not run after it
	stored string   // where the next message is stored
}{
	{"emergency: distributed mode off", []string{"disable", "chatnode-1", "chatnode-2"}, nil, "local"},
	{"emergency: one instance", []string{"single", "chatnode-1", "chatnode-1", "chatnode-2"}, serving[1:2], "redis"},
	{"planned", []string{"planned", "chatnode-1", "chatnode-1", "chatnode-2"}, serving[1:2], "local"},
}

func TestRollback(t *testing.T) {
	for _, test := range rollbacks {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, serving[:2], nil)
			before := f.say("before")
			if before.Stored != "redis" {
				t.Fatalf("before the rollback: %s", before.Raw)
			}
			f.must("rollback.sh", test.args...)
			f.wantDown(test.down...)
			if after := f.say("after"); after.Stored != test.stored {
				t.Errorf("after the rollback: %s, want it stored in %s", after.Raw, test.stored)
			}
		})
	}
}

// say posts a message through the load balancer and returns the ack.
func (f *fleet) say(text string) client.Frame {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), waitTimeout)
	defer cancel()
	s, err := client.Open(ctx, f.as("alice"), nil)
	if err != nil {
		f.Fatalf("connect: %v", err)
	}
	defer s.Close()
	if err := s.Send(client.Command{Type: "send_message", ID: text, Room: room, Message: text}); err != nil {
		f.Fatal(err)
	}
	ack, err := s.Await(ctx, func(fr client.Frame) bool { return fr.ID == text })
	if err != nil || ack.Type != "ack" {
		f.Fatalf("say %s: %s: %v", text, ack.Raw, err)
	}
	return ack
}
