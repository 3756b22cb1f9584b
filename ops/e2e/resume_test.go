package e2e

import (
	"fmt"

	"chatnode/ops/e2e/client"
)

var resumeScenarios = []scenario{
	{"a resumed session gets exactly what it has missed", env{"RATE_LIMIT": "off"}, resumed},
	{"a resumed join gets exactly what it has missed", env{"RATE_LIMIT": "off"}, resumedJoin},
	{"a session with nothing missed resumes at once", nil, nothingMissed},
	{"a position of another epoch is not recovered", nil, wrongEpoch},
	{"a position ahead of the room is not recovered", nil, futurePosition},
}

// missing shows a client three messages and lets it miss four. It returns the position of the client and the ids of the
// four.
func missing(w *world) (s *client.Session, at client.Position, missed []string) {
	gone, writer := w.enter(w.dial(0)), w.enter(w.dial(1))
	var last client.Frame
	for i := range 3 {
		last = w.await(gone, showing(w.say(writer, fmt.Sprintf("seen-%d", i)).MessageID))
	}
	epoch := gone.Seen()[1].Epoch
	gone.Close()
	var ack client.Frame
	for i := range 4 {
		ack = w.say(writer, fmt.Sprintf("missed-%d", i))
		missed = append(missed, ack.MessageID)
	}
	w.settle(ack.Seq)
	return writer, client.Position{Epoch: epoch, Seq: last.Seq}, missed
}

// wantMissed compares joined and the frames of the room after it with the missed messages.
func wantMissed(w *world, s *client.Session, at client.Position, missed []string) {
	w.Helper()
	j := w.await(s, func(f client.Frame) bool { return f.Type == "joined" && f.Recovered })
	if j.Epoch != at.Epoch || j.Missed != len(missed) || j.Seq != at.Seq+uint64(len(missed)) {
		w.Errorf("%s, want %d missed after %+v", j.Raw, len(missed), at)
	}
	for i, id := range missed {
		f := w.await(s, ofType("new_message"))
		if m := data[client.Message](w, f); m.ID != id || f.Seq != at.Seq+uint64(i)+1 {
			w.Errorf("%s, want %s at %d", f.Raw, id, at.Seq+uint64(i)+1)
		}
	}
}

func resumed(w *world) {
	writer, at, missed := missing(w)
	s := w.open(since(w.dial(2), at.Epoch, at.Seq))
	wantMissed(w, s, at, missed)
	f := w.await(s, showing(w.say(writer, "live again").MessageID))
	if f.Seq != at.Seq+uint64(len(missed))+1 {
		w.Errorf("the first live message is %s", f.Raw)
	}
}

func resumedJoin(w *world) {
	_, at, missed := missing(w)
	s := w.enter(inRoom(w.dial(2), "side"))
	w.send(s, client.Command{Type: "join", ID: "again", Room: global, Since: &at})
	wantMissed(w, s, at, missed)
}

func nothingMissed(w *world) {
	s := w.enter(w.dial(0))
	f := w.await(s, showing(w.say(s, "one").MessageID))
	at := client.Position{Epoch: s.Seen()[1].Epoch, Seq: f.Seq}
	s.Close()
	w.settle(at.Seq)
	again := w.open(since(w.dial(1), at.Epoch, at.Seq))
	wantMissed(w, again, at, nil)
}

func wrongEpoch(w *world) {
	s := w.enter(w.dial(0))
	w.settle(w.say(s, "one").Seq)
	w.wantReload(since(w.dial(1), "another", 1), 1)
}

func futurePosition(w *world) {
	s := w.enter(w.dial(0))
	w.settle(w.say(s, "one").Seq)
	w.wantReload(since(w.dial(1), s.Seen()[1].Epoch, 1000), 1)
}

// wantReload resumes an impossible position and expects the history with this many messages instead.
func (w *world) wantReload(d client.Dial, messages int) {
	w.Helper()
	s := w.open(d)
	if j := w.await(s, ofType("joined")); j.Recovered || j.Seq != uint64(messages) {
		w.Errorf("%s, want one that is not recovered, at %d", j.Raw, messages)
	}
	h := w.await(s, ofType("message_history"))
	if got := data[[]client.Message](w, h); len(got) != messages {
		w.Errorf("%s, want %d messages", h.Raw, messages)
	}
}
