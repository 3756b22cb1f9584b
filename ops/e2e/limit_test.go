package e2e

import (
	"strings"
	"time"

	"chatnode/ops/e2e/client"
)

var limitScenarios = []scenario{
	{"who writes too fast is throttled, and told when to come back", env{"RATE_LIMIT": "3/2s"}, throttled},
	{"texts that are no message are refused", env{"RATE_LIMIT": "off"}, badTexts},
	{"frames that are no command are refused, and the session lives", nil, badFrames},
	{"a frame over the limit closes with 1009", nil, oversized},
	{"a ping is answered with what it held", nil, pinged},
}

func throttled(w *world) {
	s := w.enter(w.dial(0))
	for _, id := range []string{"a", "b", "c"} {
		w.say(s, id)
	}
	post := client.Command{Type: "send_message", ID: "d", Message: "too fast"}
	f := w.ask(s, post)
	if f.Type != "throttled" || f.RetryAfterMs <= 0 || f.RetryAfterMs > 2000 || f.Limit != 3 || f.WindowMs != 2000 || f.RoomID != global {
		w.Fatalf("the fourth message is answered by %s", f.Raw)
	}
	w.alive(s)
	<-time.After(time.Duration(f.RetryAfterMs) * time.Millisecond)
	if ack := w.do(s, post); ack.Duplicate || ack.Seq != 4 {
		w.Errorf("after the wait: %s, want seq 4", ack.Raw)
	}
}

func badTexts(w *world) {
	s := w.enter(w.dial(0))
	for _, c := range []struct{ name, text, code string }{
		{"empty", "", "empty_message"},
		{"blank", " \n\t ", "empty_message"},
		{"long", strings.Repeat("ß", 2001), "message_too_long"},
		{"control", "bell \a", "bad_text"},
	} {
		w.wantError(s, client.Command{Type: "send_message", ID: c.name, Message: c.text}, c.code)
	}
	ack := w.do(s, client.Command{Type: "send_message", ID: "longest", Message: strings.Repeat("ß", 2000)})
	if ack.Seq != 1 {
		w.Errorf("%s, want seq 1: a refused message has no seq", ack.Raw)
	}
}

func badFrames(w *world) {
	s := w.enter(w.dial(0))
	for _, c := range []struct{ text, code string }{
		{`{"type":"dance","id":"x"}`, "unknown_type"},
		{`{"type":"join"`, "bad_json"},
		{`[1,2]`, "bad_json"},
		{`{"type":"send_message","id":"y","message":7}`, "bad_field"},
	} {
		if err := s.Conn.Write([]byte(c.text)); err != nil {
			w.Fatal(err)
		}
		f := w.await(s, ofType("error"))
		if f.Code != c.code || f.Retry {
			w.Errorf("%s answered by %s, want %s", c.text, f.Raw, c.code)
		}
	}
	w.alive(s)
}

func oversized(w *world) {
	s, other := w.enter(w.dial(0)), w.enter(w.dial(0))
	w.send(s, client.Command{Type: "send_message", ID: "big", Message: strings.Repeat("x", 16384)})
	w.wantClose(s, 1009)
	w.alive(other)
}

func pinged(w *world) {
	s := w.enter(w.dial(0))
	w.send(s, client.Command{Type: "ping", T: 1767323045678})
	if f := w.await(s, ofType("pong")); string(f.T) != "1767323045678" {
		w.Errorf("pong: %s", f.Raw)
	}
}
