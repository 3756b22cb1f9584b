package web

import (
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// viewScenes test how the page displays messages, users and rooms.
func viewScenes() []scene {
	return []scene{
		{"markup is shown as text", showsMarkupAsText},
		{"only http addresses become links", linksAddresses},
		{"scrolling up loads older messages and keeps the position", loadsOlderOnScroll},
		{"presence, roster and typing are shown", showsPeople},
		{"unread messages of other rooms are counted", countsUnread},
		{"a refused join is shown", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.joinRoom("vault")
			p.send(wire.AppendError(nil, p.expect(wire.Join).ID, wire.CodeForbidden, 0))
			page.Wait(`document.querySelector("#room-list [data-room=vault]").dataset.state`, "refused")
			page.Wait(`document.querySelectorAll("#toasts .toast[data-kind=error]").length`, "1")
		}},
		{"on a phone the sidebar is a drawer", usesDrawer},
		{"the beginning of a room is above its first message", func(_ *testing.T, chat *fakeChat, page page) {
			chat.acceptAda(60)
			page.waitMessages(numbered(1, 60)...)
			page.Eval(`document.querySelector("#messages").scrollTop = 0`)
			page.Wait(`String(document.querySelector("#share-button").getBoundingClientRect().bottom <= document.querySelector("#message-list").getBoundingClientRect().top)`, "true")
		}},
		{"a log at its end stays there after a resize", staysAtEnd},
		{"initials are grapheme clusters", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			m := bobMessage(1)
			m.UserName = "👩‍🚀 Sally Ride"
			p.send(wire.AppendNewMessage(nil, "global", 1, &m, false))
			page.Wait(`document.querySelector("#message-list .avatar")?.textContent`, "👩‍🚀R")
		}},
		{"more contrast and forced colors are supported", func(_ *testing.T, chat *fakeChat, page page) {
			chat.acceptAda(1)
			page.waitMessages("message 1")
			page.SetMediaFeature("prefers-contrast", "more")
			page.Wait(`getComputedStyle(document.querySelector("#presence")).color`, "rgb(58, 60, 70)")
			page.CheckAccess()
			page.SetMediaFeature("forced-colors", "active")
			page.Wait(`getComputedStyle(document.querySelector(".room[aria-current]")).outlineStyle`, "solid")
			page.Wait(`getComputedStyle(document.querySelector("#connection-state"), "::before").backgroundColor`, "rgb(42, 168, 102)")
			page.SetColorScheme("light")
		}},
		{"messages can be navigated and edited by keyboard", navigatesByKeyboard},
	}
}

func showsMarkupAsText(t *testing.T, chat *fakeChat, page page) {
	const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`
	p := chat.acceptAda(0)
	m := bobMessage(1)
	m.Text, m.UserName, m.UserAvatar = evil, evil, "javascript:window.pwned=1"
	p.send(wire.AppendNewMessage(nil, "global", 1, &m, false))
	p.send(wire.AppendTyping(nil, "global", wire.User{ID: "u-eve", Name: evil}))
	p.send(wire.AppendStatus(nil, &wire.Status{Degraded: true, Cause: evil, Effects: []string{evil}}))
	page.waitMessages(evil)
	page.Wait(`document.querySelector("#banner [data-cause]").textContent`, evil)
	page.Wait(`document.querySelector("#typing").textContent.includes("<script>")`, "true")
	if got := page.Eval(`document.querySelectorAll("#message-list img, #banner img, main script").length + " " + window.pwned`); got != "0 undefined" {
		t.Errorf("elements from markup and window.pwned: %s, want 0 undefined", got)
	}
}

func linksAddresses(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	m := bobMessage(1)
	m.Text = "see https://example.org/a?b=1. not javascript:alert(1) or data:text/html,x"
	p.send(wire.AppendNewMessage(nil, "global", 1, &m, false))
	page.Wait(`[...document.querySelectorAll("[data-text] a")].map((a) => a.getAttribute("href") + " " + a.rel).join()`,
		"https://example.org/a?b=1 noopener noreferrer nofollow")
	if got := page.Eval(`document.querySelector("[data-text]").textContent`); got != m.Text {
		t.Errorf("the text is %q, want %q", got, m.Text)
	}
}

func loadsOlderOnScroll(t *testing.T, chat *fakeChat, page page) {
	p := chat.accept()
	p.sendConnected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 150}, false, 0))
	p.sendHistory("", "global", 101, 150, true)
	page.waitMessages(numbered(101, 150)...)
	const top = `document.querySelector("[data-message-id=m105]").getBoundingClientRect().top`
	page.Eval(`document.querySelector("#messages").scrollTop = 60`)
	ask := p.expect(wire.History)
	if ask.Before != 101 || ask.Room != "global" {
		t.Fatalf("requested %+v, want history before 101", ask)
	}
	before := page.Eval(top)
	p.sendHistory(ask.ID, "global", 51, 100, true)
	page.waitMessages(numbered(51, 150)...)
	page.Wait(`String(Math.abs(`+top+` - `+before+`) < 2)`, "true")
}

func showsPeople(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	p.send(wire.AppendPresence(nil, "global", wire.Counts{Guests: 12, Members: 30, Admins: 1}, true))
	page.Wait(`document.querySelector("#presence").textContent`, "43 online · 1 admin, 30 members, 12 guests")
	p.send(wire.AppendTyping(nil, "global", wire.User{ID: "u-bob", Name: "Bob"}))
	page.Wait(`document.querySelector("#typing").textContent`, "Bob is typing…")
	p.sendBobMessage(1)
	page.Wait(`document.querySelector("#typing").textContent`, "")
	page.Click("#roster-toggle")
	who := p.expect(wire.Who)
	p.send(wire.AppendRoster(nil, who.ID, "global", []wire.User{{ID: "u-bob", Name: "Bob", Role: "admin"}}, "u-bob"))
	page.Wait(`document.querySelectorAll("#roster [data-user-id=u-bob]").length`, "1")
	page.Click("#roster-more")
	if who = p.expect(wire.Who); who.Cursor != "u-bob" {
		t.Errorf("requested the roster from cursor %q, want u-bob", who.Cursor)
	}
	p.send(wire.AppendRoster(nil, who.ID, "global", []wire.User{{ID: "u-eve", Role: "guest"}}, ""))
	page.Wait(`document.querySelectorAll("#roster [data-user-id]").length + " " + document.querySelector("#roster-more").hidden`, "2 true")
}

func countsUnread(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	page.joinRoom("side")
	join := p.expect(wire.Join)
	p.send(wire.AppendJoined(nil, join.ID, "side", wire.Position{Epoch: epoch}, false, 0))
	p.sendHistory("", "side", 1, 0, false)
	p.sendBobMessage(2)
	p.sendBobMessage(3)
	page.Wait(`document.querySelector("#room-list [data-room=global] .badge")?.dataset.unread ?? ""`, "2")
	page.Click("#room-list [data-room=global] .room")
	page.waitMessages(numbered(1, 3)...)
	page.Wait(`document.querySelectorAll(".badge").length`, "0")
	page.Eval(`document.querySelector("#room-list [data-room=side] [data-action=leave]").click()`)
	if left := p.expect(wire.Leave); left.Room != "side" {
		t.Errorf("left %q, want side", left.Room)
	}
	page.Wait(`localStorage.getItem("chatnode.rooms")`, "global")
}

func usesDrawer(t *testing.T, chat *fakeChat, page page) {
	page.SetWidth(390)
	chat.acceptAda(3)
	page.waitMessages(numbered(1, 3)...)
	page.Wait(`getComputedStyle(document.querySelector("#sidebar")).visibility`, "hidden")
	page.Click("#sidebar-open")
	page.Wait(`getComputedStyle(document.querySelector("#sidebar")).visibility + document.activeElement.id`, "visiblesidebar-close")
	page.Click("#room-list [data-room=global] .room")
	page.Wait(`getComputedStyle(document.querySelector("#sidebar")).visibility`, "hidden")
	if got := page.Eval(`document.documentElement.scrollWidth`); got != "390" {
		t.Errorf("the page is %s px wide, want 390", got)
	}
}

func navigatesByKeyboard(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	p.sendAdaMessage(2, "a1", "mine")
	page.waitMessages("message 1", "mine")
	const focused = `document.activeElement.dataset.messageId ?? document.activeElement.id`
	page.Eval(`document.querySelector("#messages").focus()`)
	for _, step := range []struct{ key, want string }{{"ArrowUp", "a1"}, {"ArrowUp", "m1"}, {"End", "a1"}, {"Escape", "composer-input"}} {
		page.Eval(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "` + step.key + `", bubbles: true, cancelable: true}))`)
		page.Wait(focused, step.want)
	}
	page.Type("#composer-input", "") // the box has the focus and is empty
	page.Eval(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowUp", bubbles: true, cancelable: true}))`)
	page.Wait(`document.activeElement.value`, "mine")
	page.Type("form.editor textarea", "!\r")
	if edit := p.expect(wire.EditMessage); strings.TrimSpace(edit.Message) != "mine!" {
		t.Errorf("edited to %q, want mine!", edit.Message)
	}
}

// staysAtEnd shows the banner in the animation frame in which the log scrolls, as if a message had just been drawn.
func staysAtEnd(_ *testing.T, chat *fakeChat, page page) {
	chat.acceptAda(60)
	page.waitMessages(numbered(1, 60)...)
	page.Eval(`(async () => {
		window.messages = document.querySelector("#messages");
		const banner = document.querySelector("#banner");
		messages.scrollTop -= 1;
		banner.style.height = "120px";
		banner.hidden = false;
		await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
	})()`)
	page.Wait(`String(Math.round(messages.scrollHeight - messages.scrollTop - messages.clientHeight) < 2)`, "true")
}
