package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"chatnode/actors/wire"
)

// keepScenes: what the page remembers, and how much of a room it draws.
func keepScenes() []scene {
	return []scene{
		{"what was not answered outlives a reload, under its id", sendsAfterReload},
		{"a draft outlives a reload", keepsDraft},
		{"what came since the last visit is new, until it was read", marksNew},
		{"of ten thousand messages a few hundred are drawn", drawsFew},
		{"who may only read is told so at once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.accept()
			hello := ada()
			hello.ReadOnly = true
			p.send(wire.AppendConnected(nil, hello))
			p.room("global", 1)
			page.shows("message 1")
			page.Wait(`document.querySelector("#read-only").hidden + " " + document.querySelector("#composer").hidden`, "false true")
			page.Click("#read-only-button")
			page.Wait(`document.querySelector("#sign-in").open`, "true")
		}},
		{"typing goes on after a deletion was confirmed", typesAfterDialog},
		{"a change that is refused is not lost", keepsRefusedEdit},
		{"screen readers hear what others write, not the log", announces},
	}
}

func sendsAfterReload(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	page.write("keep me")
	first := p.expect(wire.SendMessage)
	page.Run(chromedp.Reload())
	p = chat.greeted(1)
	again := p.expect(wire.SendMessage)
	if again.ID != first.ID || again.Message != "keep me" {
		t.Fatalf("after the reload it sent %+v, want id %q", again, first.ID)
	}
	p.ack(again, 2, "a1")
	p.deliver(2, "a1", "keep me")
	page.shows("message 1", "keep me")
	page.Wait(`sessionStorage.getItem("chatnode.unsent")`, "<nil>")
}

func keepsDraft(_ *testing.T, chat *fakeChat, page page) {
	chat.greeted(0)
	page.Type("#composer-input", "half a tho")
	page.Run(chromedp.Reload())
	chat.greeted(0)
	page.Wait(`document.querySelector("#composer-input").value`, "half a tho")
}

func marksNew(_ *testing.T, chat *fakeChat, page page) {
	const marked = `document.querySelector("[data-new]")?.nextElementSibling.dataset.messageId ?? ""`
	chat.greeted(3)
	page.shows(numbered(1, 3)...)
	page.Wait(`localStorage.getItem("chatnode.read")`, `{"global":["`+epoch+`",3]}`)
	page.Run(chromedp.Reload())
	p := chat.greeted(5)
	page.shows(numbered(1, 5)...)
	page.Wait(marked, "m4")
	page.write("seen")
	p.expect(wire.SendMessage)
	page.Wait(marked, "")
	page.Wait(`localStorage.getItem("chatnode.read")`, `{"global":["`+epoch+`",5]}`)
}

func drawsFew(t *testing.T, chat *fakeChat, page page) {
	const drawn, total = `document.querySelectorAll("#message-list li.message").length`, 10_000
	p := chat.accept()
	p.connected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: total}, false, 0))
	p.history("", "global", total-49, total, true)
	page.shows(numbered(total-49, total)...)
	page.Eval(`window.climbing = setInterval(() => document.querySelector("#messages").scrollTop = 0, 20)`)
	for oldest := total - 49; oldest > 1; {
		ask := p.expect(wire.History)
		from := max(1, oldest-200)
		p.history(ask.ID, "global", from, oldest-1, from > 1)
		oldest = from
		page.Wait(`String(`+drawn+` <= 240)`, "true")
	}
	page.Wait(`document.querySelector("[data-message-id=m1]")?.dataset.seq`, "1")
	if got := page.Eval(`String(` + drawn + ` <= 240)`); got != "true" {
		t.Errorf("%s messages are drawn", page.Eval(drawn))
	}
	page.Eval(`clearInterval(climbing)`)
	page.Click("#jump-latest")
	page.Wait(`String(document.querySelector("#message-list").lastElementChild.dataset.messageId)`, fmt.Sprint("m", total))
	p.message(total + 1)
	page.Wait(`String(document.querySelector("#message-list").lastElementChild.dataset.messageId)`, fmt.Sprint("m", total+1))
}

func typesAfterDialog(_ *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	p.deliver(1, "a1", "mine")
	page.shows("mine")
	page.Type("#composer-input", "") // the box has the focus
	page.Eval(`document.querySelector("[data-action=delete]").click()`)
	page.Click("#confirm-yes")
	p.expect(wire.DeleteMessage)
	page.Press("still here")
	page.Wait(`document.querySelector("#composer-input").value`, "still here")
}

func keepsRefusedEdit(_ *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	p.deliver(1, "a1", "mine")
	page.shows("mine")
	page.Eval(`document.querySelector("[data-action=edit]").click()`)
	page.Type("form.editor textarea", ", better\r")
	p.send(wire.AppendError(nil, p.expect(wire.EditMessage).ID, wire.CodeMuted, 0))
	page.Wait(`document.querySelector("form.editor textarea")?.value`, "mine, better")
}

func announces(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(3)
	page.shows(numbered(1, 3)...)
	p.message(4)
	page.Wait(`document.querySelector("#announcer").textContent`, "Bob: message 4")
	if heard := page.Eval(`document.querySelector("#announcer").textContent + document.querySelector("#messages").ariaLive`); strings.Contains(heard, "message 3") || !strings.HasSuffix(heard, "off") {
		t.Errorf("hears %q", heard)
	}
}
