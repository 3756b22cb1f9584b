package nodetest

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A standalone node whose disk is full reports that it is degraded until a write succeeds.
func TestLogFaultIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *chat.Settings) { s.DescribeError = func(error) string { return "The disk is full." } })
		defer r.stop()
		a := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		write := func(id string) {
			a.do(wire.Command{Type: wire.SendMessage, ID: id, Message: "hello"})
			actorstest.Pause(time.Second)
		}
		write("1")
		if r.core.Status().Degraded || len(a.framesOfType("status")) != 0 {
			t.Fatalf("degraded before the fault: %v", a.framesOfType("status"))
		}
		r.bus.SetErr(errors.New("write /data/chat.wal: no space left on device"))
		write("2")
		write("3")
		status := a.onlyFrame("status")
		if s := r.core.Status(); !s.Degraded || s.Cause != "The disk is full." || !strings.Contains(status.Raw, `"mode":"degraded","cause":"The disk is full."`) || len(a.framesOfType("error")) != 2 {
			t.Fatalf("node status %+v, status frame %s, errors %v", s, status.Raw, a.framesOfType("error"))
		}
		b := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")}) // reads still succeed
		actorstest.Pause(time.Second)
		if h := b.onlyFrame("message_history"); len(h.Data) == 0 {
			t.Errorf("history frame %+v, want messages", h)
		}
		r.bus.SetErr(nil)
		write("3")
		if all := a.framesOfType("status"); r.core.Status().Degraded || len(all) != 2 || !strings.Contains(all[1].Raw, `"mode":"ok"`) || len(a.framesOfType("ack")) != 2 {
			t.Fatalf("node status %+v, status frames %v, acks %v", r.core.Status(), all, a.framesOfType("ack"))
		}
	})
}
