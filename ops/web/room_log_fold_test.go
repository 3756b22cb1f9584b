package web

import (
	"encoding/json"
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
	"chatnode/ops/webtest"
)

// foldCase contains the frames of a case of chattest, and the messages that a client shows after them.
type foldCase struct {
	Name     string            `json:"name"`
	Frames   []json.RawMessage `json:"frames"`
	Messages [][3]any          `json:"messages"` // seq, id, text
}

func foldCases() (list []foldCase) {
	for _, c := range chattest.FoldCases() {
		f := foldCase{Name: c.Name, Messages: [][3]any{}}
		for _, s := range c.Steps {
			if s.Refused == chat.NotRefused {
				f.Frames = append(f.Frames, chattest.Frame("global", &s.Entry))
			}
		}
		for _, e := range c.History {
			if e.Kind == chat.EntryMessage {
				f.Messages = append(f.Messages, [3]any{e.Seq, e.ID, e.Message.Text})
			}
		}
		list = append(list, f)
	}
	return list
}

const roomLogFold = `(async () => {
  const { RoomLog } = await import("/client/room-log.js");
  for (const { name, frames, messages } of %s) {
    const room = new RoomLog();
    room.replace({ epoch: "e", seq: 0, data: [], more: false });
    frames.forEach((f) => room.receive(f));
    const got = JSON.stringify(room.messages.map((m) => [m.seq, m.id, m.message]));
    const want = JSON.stringify(messages);
    if (got !== want || room.seq !== frames.length) return name + ": got " + got + " at " + room.seq + ", want " + want;
  }
  return "same";
})()`

// TestRoomLogFoldCases checks that a log shows the messages of each fold case.
func TestRoomLogFoldCases(t *testing.T) {
	fake := newFakeChat(t)
	page := open(webtest.Launch(t), t, fake.srv.URL)
	cases, err := json.Marshal(foldCases())
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Eval(fmt.Sprintf(roomLogFold, cases)); got != "same" {
		t.Error(got)
	}
}
