package e2e

import (
	"fmt"
	"strings"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/webtest"
)

// pageScenarios run the web client in browsers. Each page must end without an error, a violation of its policy, or a
// fault of accessibility.
var pageScenarios = []scenario{
	{"two pages chat, and are killed under, and have everything once", withTokens(), pagesChat},
}

// shownTexts returns the texts on the page, one per line. A text that is not acknowledged ends in "…".
const shownTexts = `[...document.querySelectorAll("#message-list li.message")].map((li) =>
	(li.querySelector("[data-text]")?.firstChild?.textContent ?? "") + (li.dataset.outgoingId ? "…" : "")).join("\n")`

// pageOf is the page of one user.
type pageOf struct {
	*webtest.Tab
	w *world
}

func pagesChat(w *world) {
	browser := webtest.Launch(w)
	pages := []pageOf{}
	for i, user := range []string{"ada", "bob"} {
		p := pageOf{webtest.Open(browser, w, "http://"+w.dial(i).Addr), w}
		p.signIn(user)
		pages = append(pages, p)
	}
	ada, bob := pages[0], pages[1]

	ada.write("Hello, Bob")
	bob.shows("Hello, Bob")
	bob.write("Hello, Ada")
	ada.shows("Hello, Bob", "Hello, Ada")

	const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`
	bob.write(evil)
	for _, p := range pages {
		p.shows("Hello, Bob", "Hello, Ada", evil)
		p.Wait(`document.querySelectorAll("#message-list img, #message-list script").length + " " + window.pwned`, "0 undefined")
	}

	ada.act("Hello, Bob", "edit")
	ada.Eval(`document.querySelector("form.editor textarea").select()`)
	ada.Type("form.editor textarea", "Good morning, Bob\r")
	bob.shows("Good morning, Bob", "Hello, Ada", evil)
	bob.Wait(`document.querySelectorAll("[data-edited]").length`, "1")
	bob.act(evil, "delete")
	bob.Click("#confirm-yes")
	ada.shows("Good morning, Bob", "Hello, Ada")

	want := append([]string{"Good morning, Bob", "Hello, Ada"}, killedUnder(w, pages)...)
	for _, p := range pages {
		p.wantSame(want)
	}
}

// killedUnder kills all nodes repeatedly while the pages write, and returns what they wrote.
func killedUnder(w *world, pages []pageOf) []string {
	var written []string
	write := func(p pageOf, text string) {
		p.write(text)
		written = append(written, text)
	}
	for round := range 3 {
		for i, p := range pages {
			write(p, fmt.Sprintf("sent by %d as round %d ends", i, round)) // it may or may not get a result
		}
		for _, n := range w.Nodes {
			n.Kill()
		}
		for i, p := range pages {
			p.Wait(`["waiting", "connecting"].includes(document.querySelector("#connection-state").dataset.state)`, "true")
			write(p, fmt.Sprintf("written by %d while all is down in round %d", i, round))
		}
		for _, n := range w.Nodes {
			n.Restart(w)
		}
		for _, p := range pages {
			p.online()
		}
	}
	return written
}

// signIn signs in through the dialog.
func (p pageOf) signIn(user string) {
	p.w.Helper()
	p.online()
	p.Click("#session-button")
	p.Type("#token-input", client.Token(secret, client.Claim{Sub: user, Name: "Name of " + user, Role: "member", ExpiresIn: time.Hour}))
	p.Click("#sign-in-submit")
	p.Wait(`document.querySelector("#me").dataset.userId`, user)
	p.online()
}

func (p pageOf) online() {
	p.w.Helper()
	p.Wait(`document.querySelector("#connection-state").dataset.state + document.querySelector("#history-state").dataset.state`, "onlinestart")
}

func (p pageOf) write(text string) {
	p.w.Helper()
	p.Type("#composer-input", text+"\r")
}

func (p pageOf) shows(texts ...string) {
	p.w.Helper()
	p.Wait(shownTexts, strings.Join(texts, "\n"))
}

// act presses a button of one of the user's own messages.
func (p pageOf) act(text, action string) {
	p.w.Helper()
	p.shows(strings.Split(p.Eval(shownTexts), "\n")...) // drawn, with nothing in flight
	p.Eval(fmt.Sprintf(`[...document.querySelectorAll("li.message[data-own]")].find((li) => li.querySelector("[data-text]").textContent.startsWith(%q)).querySelector("[data-action=%s]").click()`, text, action))
}

// wantSame waits until nothing is in flight, and compares the page with the log and with what was written.
func (p pageOf) wantSame(written []string) {
	p.w.Helper()
	p.Wait(`document.querySelectorAll("#message-list li.message").length + " " + document.querySelectorAll("[data-outgoing-id]").length`, fmt.Sprint(len(written), " ", 0))
	var logged []string
	s := p.w.open(p.w.dial(0))
	for _, m := range p.w.history(s, global) {
		logged = append(logged, m.Message)
	}
	p.shows(logged...)
	count := map[string]int{}
	for _, text := range logged {
		count[text]++
	}
	for _, text := range written {
		if count[text] != 1 {
			p.w.Errorf("%q is %d times in the log, want once", text, count[text])
		}
	}
}
