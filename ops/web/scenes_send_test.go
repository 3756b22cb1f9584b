package web

import (
	"testing"
	"time"

	"chatnode/actors/wire"
)

// sendScenes test that a write is resent under one id until it is acknowledged, and is shown once.
func sendScenes() []scene {
	return []scene{
		{"a message is pending until it is delivered", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(1)
			page.sendText("hello")
			cmd := p.expect(wire.SendMessage)
			page.waitMessages("message 1", "hello…")
			p.sendAck(cmd, 2, "a1")
			p.sendAdaMessage(2, "a1", "hello")
			page.waitMessages("message 1", "hello")
		}},
		{"a message delivered before its ack is shown once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(1)
			page.sendText("hello")
			cmd := p.expect(wire.SendMessage)
			p.sendAdaMessage(2, "a1", "hello")
			page.waitMessages("message 1", "hello")
			p.sendAck(cmd, 2, "a1")
			p.sendBobMessage(3)
			page.waitMessages("message 1", "hello", "message 3")
		}},
		{"a write without an ack is resent under its id after a reconnect", resendsAfterReconnect},
		{"messages written offline are sent in order after a reconnect", sendsWhatWasWrittenOffline},
		{"a throttled write is delayed and resent under its id", resendsAfterThrottled},
		{"setting the clock back does not delay a throttled write", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.sendText("too fast")
			cmd := p.expect(wire.SendMessage)
			p.send(wire.AppendThrottled(nil, &wire.Throttled{ID: cmd.ID, Room: "global", RetryAfterMs: 1500, WindowMs: 1000, Limit: 10}))
			page.Wait(`document.querySelectorAll("#toasts .toast[data-kind=warning]").length`, "1")
			page.Eval(`void (Date.now = ((now) => () => now() - 3600_000)(Date.now))`)
			if again := p.expect(wire.SendMessage); again.ID != cmd.ID {
				t.Errorf("resent under id %q, want %q", again.ID, cmd.ID)
			}
		}},
		{"a write with a retryable error is resent under its id", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.sendText("hello")
			cmd := p.expect(wire.SendMessage)
			p.send(wire.AppendError(nil, cmd.ID, wire.CodeOverloaded, 50))
			if again := p.expect(wire.SendMessage); again.ID != cmd.ID {
				t.Errorf("resent under id %q, want %q", again.ID, cmd.ID)
			}
		}},
		{"messages to a room that refuses the user fail", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.joinRoom("vault")
			join := p.expect(wire.Join)
			page.sendText("early")
			p.send(wire.AppendError(nil, join.ID, wire.CodeForbidden, 0))
			const states = `[...document.querySelectorAll("[data-outgoing-id]")].map((li) => li.dataset.state).join()`
			page.Wait(states, "failed")
			page.sendText("late")
			page.Wait(states, "failed,failed")
			page.Click("[data-action=retry]")
			page.Wait(states, "failed,failed")
		}},
		{"sendMessage rejects for a room that is not joined", func(_ *testing.T, chat *fakeChat, page page) {
			chat.acceptAda(0)
			page.Wait(`import("/chat-client.js").then(({ ChatClient }) => new ChatClient({ url: "ws://127.0.0.1:1/chat" }).sendMessage("nowhere", "x")).catch((error) => error.code)`, "not_joined")
		}},
		{"a failed message can be retried or discarded", retriesByHand},
		{"own messages can be edited and deleted", editsAndDeletes},
	}
}

func resendsAfterReconnect(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	page.sendText("keep me")
	first := p.expect(wire.SendMessage)
	p.close(wire.CloseInternal, "")
	p = chat.accept()
	p.sendConnected()
	p.sendResumed("", "global", 1, 2)
	p.expectNothing(200 * time.Millisecond) // the missed entry must arrive first
	p.sendBobMessage(2)
	again := p.expect(wire.SendMessage)
	if again.ID != first.ID || again.Message != "keep me" {
		t.Fatalf("resent %+v, want the text under id %q", again, first.ID)
	}
	p.send(wire.AppendAck(nil, &wire.Ack{ID: again.ID, Room: "global", MessageID: "a1", Seq: 3, Stored: wire.StoredLocal, Duplicate: true}))
	p.sendAdaMessage(3, "a1", "keep me")
	page.waitMessages("message 1", "message 2", "keep me")
}

func sendsWhatWasWrittenOffline(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	page.waitState("online")
	p.send(wire.AppendShutdown(nil, "test", 1500, 1000))
	p.close(wire.CloseGoingAway, "")
	page.waitState("waiting")
	page.sendText("one")
	page.sendText("two")
	page.waitMessages("one…", "two…")
	p = chat.accept()
	p.sendConnected()
	p.sendResumed("", "global", 0, 0)
	for i, want := range []string{"one", "two"} {
		cmd := p.expect(wire.SendMessage)
		if cmd.Message != want {
			t.Fatalf("sent %q, want %q", cmd.Message, want)
		}
		p.sendAck(cmd, i+1, "a"+want)
		p.sendAdaMessage(i+1, "a"+want, want)
	}
	page.waitMessages("one", "two")
}

func resendsAfterThrottled(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	page.sendText("too fast")
	cmd := p.expect(wire.SendMessage)
	start := time.Now()
	p.send(wire.AppendThrottled(nil, &wire.Throttled{ID: cmd.ID, Room: "global", RetryAfterMs: 600, WindowMs: 1000, Limit: 10}))
	page.Wait(`document.querySelectorAll("#toasts .toast[data-kind=warning]").length`, "1")
	again := p.expect(wire.SendMessage)
	if waited := time.Since(start); again.ID != cmd.ID || waited < 550*time.Millisecond {
		t.Errorf("resent under id %q after %v, want %q after 600 ms", again.ID, waited, cmd.ID)
	}
	p.sendAck(again, 1, "a1")
	p.sendAdaMessage(1, "a1", "too fast")
	page.waitMessages("too fast")
}

func retriesByHand(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	page.sendText("no")
	cmd := p.expect(wire.SendMessage)
	p.send(wire.AppendError(nil, cmd.ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("[data-outgoing-id]")?.dataset.state`, "failed")
	page.Click("[data-action=retry]")
	cmd = p.expect(wire.SendMessage)
	p.send(wire.AppendError(nil, cmd.ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("[data-outgoing-id]")?.dataset.state`, "failed")
	page.Click("[data-action=discard]")
	page.waitMessages()
	p.expectNothing(100 * time.Millisecond)
}

func editsAndDeletes(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	p.sendAdaMessage(2, "a1", "first text")
	page.waitMessages("message 1", "first text")
	if got := page.Eval(`document.querySelectorAll("[data-message-id=m1] :is([data-action=edit], [data-action=delete])").length`); got != "0" {
		t.Errorf("the message of another user has %s buttons to change it, want 0", got)
	}
	page.Click("[data-message-id=a1] .text")
	page.Click("[data-message-id=a1] [data-action=edit]")
	page.Eval(`document.querySelector("form.editor textarea").value = "better text"`)
	page.Click("form.editor [type=submit]")
	edit := p.expect(wire.EditMessage)
	if edit.MessageID != "a1" || edit.Message != "better text" {
		t.Fatalf("sent %+v, want an edit of a1", edit)
	}
	p.sendAck(edit, 3, "a1")
	changed := adaMessage("a1", "better text")
	changed.EditedAt = changed.At
	p.send(wire.AppendMessageUpdated(nil, "global", 3, &changed))
	page.waitMessages("message 1", "better text")
	page.Click("[data-message-id=a1] .text")
	page.Click("[data-message-id=a1] [data-action=delete]")
	page.Click("#confirm-yes")
	if del := p.expect(wire.DeleteMessage); del.MessageID != "a1" {
		t.Fatalf("deleted %q, want a1", del.MessageID)
	}
	p.send(wire.AppendMessageDeleted(nil, "global", 4, "a1"))
	page.waitMessages("message 1")
}
