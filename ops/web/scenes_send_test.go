package web

import (
	"testing"
	"time"

	"chatnode/actors/wire"
)

// sendScenes: a write goes out under one id until it is acknowledged, and is shown once throughout.
func sendScenes() []scene {
	return []scene{
		{"a message is pending until it is there", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(1)
			page.write("hello")
			cmd := p.expect(wire.SendMessage)
			page.shows("message 1", "hello…")
			p.ack(cmd, 2, "a1")
			p.deliver(2, "a1", "hello")
			page.shows("message 1", "hello")
		}},
		{"delivery before its ack is not shown twice", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(1)
			page.write("hello")
			cmd := p.expect(wire.SendMessage)
			p.deliver(2, "a1", "hello")
			page.shows("message 1", "hello")
			p.ack(cmd, 2, "a1")
			p.message(3)
			page.shows("message 1", "hello", "message 3")
		}},
		{"without an ack it goes out again under its id on the next connection", resendsAfterReconnect},
		{"what is written while away is sent in order once back", sendsWhatWasWrittenOffline},
		{"throttled: it waits, then sends under the same id", resendsAfterThrottled},
		{"a clock that is set back while it waits holds nothing up", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			page.write("too fast")
			cmd := p.expect(wire.SendMessage)
			p.send(wire.AppendThrottled(nil, &wire.Throttled{ID: cmd.ID, Room: "global", RetryAfterMs: 1500, WindowMs: 1000, Limit: 10}))
			page.Wait(`document.querySelectorAll("#toasts .toast[data-kind=warning]").length`, "1")
			page.Eval(`void (Date.now = ((now) => () => now() - 3600_000)(Date.now))`)
			if again := p.expect(wire.SendMessage); again.ID != cmd.ID {
				t.Errorf("sent again under %q, want %q", again.ID, cmd.ID)
			}
		}},
		{"an error that allows it is retried under the same id", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			page.write("hello")
			cmd := p.expect(wire.SendMessage)
			p.send(wire.AppendError(nil, cmd.ID, wire.CodeOverloaded, 50))
			if again := p.expect(wire.SendMessage); again.ID != cmd.ID {
				t.Errorf("retried under %q, want %q", again.ID, cmd.ID)
			}
		}},
		{"what is written where nobody is let in is said not to be sent", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			page.join("vault")
			join := p.expect(wire.Join)
			page.write("early")
			p.send(wire.AppendError(nil, join.ID, wire.CodeForbidden, 0))
			const states = `[...document.querySelectorAll("[data-outgoing-id]")].map((li) => li.dataset.state).join()`
			page.Wait(states, "failed")
			page.write("late")
			page.Wait(states, "failed,failed")
			page.Click("[data-action=retry]")
			page.Wait(states, "failed,failed")
		}},
		{"a program that writes to a room it has not joined is told so", func(_ *testing.T, chat *fakeChat, page page) {
			chat.greeted(0)
			page.Wait(`import("/chat-client.js").then(({ ChatClient }) => new ChatClient({ url: "ws://127.0.0.1:1/chat" }).sendMessage("nowhere", "x")).catch((error) => error.code)`, "not_joined")
		}},
		{"a refused message can be tried again or discarded", retriesByHand},
		{"own messages are edited and deleted inline", editsAndDeletes},
	}
}

func resendsAfterReconnect(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	page.write("keep me")
	first := p.expect(wire.SendMessage)
	p.end(wire.CloseInternal, "")
	p = chat.accept()
	p.connected()
	p.resumed("", "global", 1, 2)
	p.quiet(200 * time.Millisecond) // what was missed comes first
	p.message(2)
	again := p.expect(wire.SendMessage)
	if again.ID != first.ID || again.Message != "keep me" {
		t.Fatalf("resent %+v, want id %q", again, first.ID)
	}
	p.send(wire.AppendAck(nil, &wire.Ack{ID: again.ID, Room: "global", MessageID: "a1", Seq: 3, Stored: wire.StoredLocal, Duplicate: true}))
	p.deliver(3, "a1", "keep me")
	page.shows("message 1", "message 2", "keep me")
}

func sendsWhatWasWrittenOffline(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	page.state("online")
	p.send(wire.AppendShutdown(nil, "test", 1500, 1000))
	p.end(wire.CloseGoingAway, "")
	page.state("waiting")
	page.write("one")
	page.write("two")
	page.shows("one…", "two…")
	p = chat.accept()
	p.connected()
	p.resumed("", "global", 0, 0)
	for i, want := range []string{"one", "two"} {
		cmd := p.expect(wire.SendMessage)
		if cmd.Message != want {
			t.Fatalf("sent %q, want %q", cmd.Message, want)
		}
		p.ack(cmd, i+1, "a"+want)
		p.deliver(i+1, "a"+want, want)
	}
	page.shows("one", "two")
}

func resendsAfterThrottled(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	page.write("too fast")
	cmd := p.expect(wire.SendMessage)
	start := time.Now()
	p.send(wire.AppendThrottled(nil, &wire.Throttled{ID: cmd.ID, Room: "global", RetryAfterMs: 600, WindowMs: 1000, Limit: 10}))
	page.Wait(`document.querySelectorAll("#toasts .toast[data-kind=warning]").length`, "1")
	again := p.expect(wire.SendMessage)
	if waited := time.Since(start); again.ID != cmd.ID || waited < 550*time.Millisecond {
		t.Errorf("resent under %q after %v, want %q after 600 ms", again.ID, waited, cmd.ID)
	}
	p.ack(again, 1, "a1")
	p.deliver(1, "a1", "too fast")
	page.shows("too fast")
}

func retriesByHand(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	page.write("no")
	cmd := p.expect(wire.SendMessage)
	p.send(wire.AppendError(nil, cmd.ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("[data-outgoing-id]")?.dataset.state`, "failed")
	page.Click("[data-action=retry]")
	cmd = p.expect(wire.SendMessage)
	p.send(wire.AppendError(nil, cmd.ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("[data-outgoing-id]")?.dataset.state`, "failed")
	page.Click("[data-action=discard]")
	page.shows()
	p.quiet(100 * time.Millisecond)
}

func editsAndDeletes(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	p.deliver(2, "a1", "first text")
	page.shows("message 1", "first text")
	if got := page.Eval(`document.querySelectorAll("[data-message-id=m1] :is([data-action=edit], [data-action=delete])").length`); got != "0" {
		t.Errorf("somebody else's message can be changed: %s buttons", got)
	}
	page.Click("[data-message-id=a1] .text")
	page.Click("[data-message-id=a1] [data-action=edit]")
	page.Eval(`document.querySelector("form.editor textarea").value = "better text"`)
	page.Click("form.editor [type=submit]")
	edit := p.expect(wire.EditMessage)
	if edit.MessageID != "a1" || edit.Message != "better text" {
		t.Fatalf("sent %+v", edit)
	}
	p.ack(edit, 3, "a1")
	changed := adas("a1", "better text")
	changed.EditedAt = changed.At
	p.send(wire.AppendMessageUpdated(nil, "global", 3, &changed))
	page.shows("message 1", "better text")
	page.Click("[data-message-id=a1] .text")
	page.Click("[data-message-id=a1] [data-action=delete]")
	page.Click("#confirm-yes")
	if del := p.expect(wire.DeleteMessage); del.MessageID != "a1" {
		t.Fatalf("deleted %q", del.MessageID)
	}
	p.send(wire.AppendMessageDeleted(nil, "global", 4, "a1"))
	page.shows("message 1")
}
