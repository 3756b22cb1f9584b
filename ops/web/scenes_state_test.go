package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"chatnode/actors/wire"
)

// stateScenes test stored state, unread marks, the number of drawn messages, and announcements.
func stateScenes() []scene {
	return []scene{
		{"a write without an ack is resent under its id after a reload", sendsAfterReload},
		{"a reload restores the draft", restoresDraft},
		{"messages since the last visit are marked until they are read", marksUnread},
		{"at most 240 of 10,000 messages are drawn", limitsDrawnMessages},
		{"a read-only user sees no message box", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.accept()
			connected := adaConnected()
			connected.ReadOnly = true
			p.send(wire.AppendConnected(nil, connected))
			p.sendRoom("global", 1)
			page.waitMessages("message 1")
			page.Wait(`document.querySelector("#read-only").hidden + " " + document.querySelector("#composer").hidden`, "false true")
			page.Click("#read-only-button")
			page.Wait(`document.querySelector("#sign-in").open`, "true")
		}},
		{"the message box has the focus after a deletion", restoresFocusAfterDialog},
		{"a rejected edit keeps its text", keepsRefusedEdit},
		{"new messages of others are announced, the log is not", announcesMessages},
	}
}

func sendsAfterReload(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	page.sendText("keep me")
	first := p.expect(wire.SendMessage)
	page.Run(chromedp.Reload())
	p = chat.acceptAda(1)
	again := p.expect(wire.SendMessage)
	if again.ID != first.ID || again.Message != "keep me" {
		t.Fatalf("sent %+v after the reload, want the text under id %q", again, first.ID)
	}
	p.sendAck(again, 2, "a1")
	p.sendAdaMessage(2, "a1", "keep me")
	page.waitMessages("message 1", "keep me")
	page.Wait(`sessionStorage.getItem("chatnode.unsent")`, "<nil>")
}

func restoresDraft(_ *testing.T, chat *fakeChat, page page) {
	chat.acceptAda(0)
	page.Type("#composer-input", "half a tho")
	page.Run(chromedp.Reload())
	chat.acceptAda(0)
	page.Wait(`document.querySelector("#composer-input").value`, "half a tho")
}

func marksUnread(_ *testing.T, chat *fakeChat, page page) {
	const marked = `document.querySelector("[data-new]")?.nextElementSibling.dataset.messageId ?? ""`
	chat.acceptAda(3)
	page.waitMessages(numbered(1, 3)...)
	page.Wait(`localStorage.getItem("chatnode.read")`, `{"global":["`+epoch+`",3]}`)
	page.Run(chromedp.Reload())
	p := chat.acceptAda(5)
	page.waitMessages(numbered(1, 5)...)
	page.Wait(marked, "m4")
	page.sendText("seen")
	p.expect(wire.SendMessage)
	page.Wait(marked, "")
	page.Wait(`localStorage.getItem("chatnode.read")`, `{"global":["`+epoch+`",5]}`)
}

func limitsDrawnMessages(t *testing.T, chat *fakeChat, page page) {
	const drawn, total = `document.querySelectorAll("#message-list li.message").length`, 10_000
	p := chat.accept()
	p.sendConnected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: total}, false, 0))
	p.sendHistory("", "global", total-49, total, true)
	page.waitMessages(numbered(total-49, total)...)
	page.Eval(`window.climbing = setInterval(() => document.querySelector("#messages").scrollTop = 0, 20)`)
	for oldest := total - 49; oldest > 1; {
		ask := p.expect(wire.History)
		from := max(1, oldest-200)
		p.sendHistory(ask.ID, "global", from, oldest-1, from > 1)
		oldest = from
		page.Wait(`String(`+drawn+` <= 240)`, "true")
	}
	page.Wait(`document.querySelector("[data-message-id=m1]")?.dataset.seq`, "1")
	if got := page.Eval(`String(` + drawn + ` <= 240)`); got != "true" {
		t.Errorf("%s messages are drawn, want at most 240", page.Eval(drawn))
	}
	page.Eval(`clearInterval(climbing)`)
	page.Click("#jump-latest")
	page.Wait(`String(document.querySelector("#message-list").lastElementChild.dataset.messageId)`, fmt.Sprint("m", total))
	p.sendBobMessage(total + 1)
	page.Wait(`String(document.querySelector("#message-list").lastElementChild.dataset.messageId)`, fmt.Sprint("m", total+1))
}

func restoresFocusAfterDialog(_ *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	p.sendAdaMessage(1, "a1", "mine")
	page.waitMessages("mine")
	page.Type("#composer-input", "") // the box has the focus
	page.Eval(`document.querySelector("[data-action=delete]").click()`)
	page.Click("#confirm-yes")
	p.expect(wire.DeleteMessage)
	page.Press("still here")
	page.Wait(`document.querySelector("#composer-input").value`, "still here")
}

func keepsRefusedEdit(_ *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	p.sendAdaMessage(1, "a1", "mine")
	page.waitMessages("mine")
	page.Eval(`document.querySelector("[data-action=edit]").click()`)
	page.Type("form.editor textarea", ", better\r")
	p.send(wire.AppendError(nil, p.expect(wire.EditMessage).ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("form.editor textarea")?.value`, "mine, better")
}

func announcesMessages(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(3)
	page.waitMessages(numbered(1, 3)...)
	p.sendBobMessage(4)
	page.Wait(`document.querySelector("#announcer").textContent`, "Bob: message 4")
	if got := page.Eval(`document.querySelector("#announcer").textContent + document.querySelector("#messages").ariaLive`); strings.Contains(got, "message 3") || !strings.HasSuffix(got, "off") {
		t.Errorf("announced %q, want only message 4, and aria-live off for the log", got)
	}
}
