package e2e

import (
	"slices"

	"chatnode/ops/e2e/client"
)

var joinScenarios = []scenario{
	{"a session begins with connected, joined and the history", nil, beginning},
	{"a room named at the connect is joined instead", nil, namedRoom},
	{"rooms are joined and left", nil, joinAndLeave},
}

func beginning(w *world) {
	s := w.open(w.dial(0))
	history := w.await(s, ofType("message_history"))
	seen := s.Seen()
	if seen[0].Type != "connected" || seen[1].Type != "joined" {
		w.Fatalf("the first frames are %s and %s, want connected and joined", seen[0].Raw, seen[1].Raw)
	}
	c := seen[0]
	if c.UserID == "" || c.UserName == "" || c.Role != "guest" || c.SessionID == "" || c.InstanceID != w.Nodes[0].ID || c.PingMs <= 0 {
		w.Errorf("connected: %s", c.Raw)
	}
	if l := c.Limits; l.MaxMessageLength != 2000 || l.MaxFrameBytes != 16384 || l.RateMessages != 10 || l.RateWindowMs != 1000 {
		w.Errorf("limits: %+v, want the defaults", l)
	}
	if c.Status == nil || c.Status.Mode != "ok" {
		w.Errorf("status: %+v, want ok", c.Status)
	}
	j := seen[1]
	if j.Room != global || j.Epoch == "" || j.Recovered || j.Seq != 0 {
		w.Errorf("joined: %s, want %s at 0, not recovered", j.Raw, global)
	}
	if m := data[[]client.Message](w, history); history.Epoch != j.Epoch || len(m) != 0 || history.More {
		w.Errorf("history of an empty room: %s", history.Raw)
	}
}

func namedRoom(w *world) {
	s := w.open(inRoom(w.dial(0), "lobby"))
	if j := w.await(s, ofType("joined")); j.Room != "lobby" {
		w.Errorf("joined %s, want lobby", j.Raw)
	}
	if r := w.refused(inRoom(w.dial(0), "no such/room")); r.Status != 400 {
		w.Errorf("a bad room's name: %v, want 400", r)
	}
}

func joinAndLeave(w *world) {
	s, other := w.enter(w.dial(0)), w.enter(w.dial(1))
	for _, session := range []*client.Session{s, other} {
		if j := w.ask(session, client.Command{Type: "join", ID: "j", Room: "side"}); j.Type != "joined" || j.Room != "side" {
			w.Fatalf("join answered by %s", j.Raw)
		}
	}
	first := w.do(other, client.Command{Type: "send_message", ID: "in", Room: "side", Message: "while in"})
	w.await(s, showing(first.MessageID))
	if l := w.ask(s, client.Command{Type: "leave", ID: "l", Room: "side"}); l.Type != "left" || l.Room != "side" {
		w.Fatalf("leave answered by %s", l.Raw)
	}
	gone := w.do(other, client.Command{Type: "send_message", ID: "out", Room: "side", Message: "after leaving"})
	w.await(s, showing(w.say(other, "in the global room").MessageID))
	if slices.ContainsFunc(s.Seen(), showing(gone.MessageID)) {
		w.Error("a message of a room that was left")
	}
	w.wantError(s, client.Command{Type: "send_message", ID: "not-in", Room: "side", Message: "x"}, "not_joined")
}
