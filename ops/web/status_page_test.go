package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"chatnode/ops/webtest"
)

// TestStatusPage shows the status page what a node might say, in one Chromium.
func TestStatusPage(t *testing.T) {
	browser := webtest.Launch(t)
	for _, s := range []struct {
		name string
		play func(t *testing.T, node *fakeStatus, page page)
	}{
		{"a bad key is refused in words, a good one shows the node", signsInWithKey},
		{"a member's token is not enough", refusesMembers},
		{"the key is remembered in the tab, until the admin signs out", remembersKey},
		{"degraded: the cause, since when, and what that means", showsCause},
		{"pages of rooms, by size and by rate", pagesRooms},
		{"pause stops the pulls, going on takes them up", pauses},
		{"a node that fails is said so, and recovers", showsTrouble},
		{"figures run as lines", drawsLines},
		{"everything can be reached by keyboard and has a name", hasNames},
		{"fits a phone and a desk, light and dark", fits},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			node := newFakeStatus(t, 45)
			s.play(t, node, open(browser, t, node.srv.URL+"/status"))
		})
	}
}

// enterKey enters a key once the page asks for one.
func (p page) enterKey(key string) {
	p.Wait(`document.querySelector("#sign-in").hidden`, "false")
	p.Type("#key-input", key+"\r")
}

// live signs in and waits for figures.
func (p page) live() {
	p.t.Helper()
	p.enterKey(statusKey)
	p.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
}

func signsInWithKey(_ *testing.T, _ *fakeStatus, page page) {
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "")
	page.Wait(`document.activeElement.id`, "key-input")
	page.enterKey("not the key")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "The node does not know this key or token, or it has expired.")
	page.Wait(`sessionStorage.length`, "0")
	page.enterKey("ключ")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "The key holds characters that no key has.")
	page.live()
	page.Wait(`document.querySelector("#sign-in").hidden`, "true")
	page.Wait(`document.querySelector("#node-name").textContent`, "chat-1")
	page.Wait(`[...document.querySelectorAll("#instances [data-instance]")].map((r) => r.dataset.instance + " " + r.dataset.suspect).join()`,
		"chat-3 true,chat-2 false,chat-1 false")
	page.Wait(`document.querySelector("#links [data-link=subscribe]").children[1].textContent`, "240 ms ago")
}

func refusesMembers(_ *testing.T, _ *fakeStatus, page page) {
	page.enterKey("a member")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "You are signed in, but only admins may see the status.")
	page.Wait(`document.querySelector("#figures").hidden`, "true")
}

func remembersKey(_ *testing.T, _ *fakeStatus, page page) {
	page.live()
	page.Run(chromedp.Reload())
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.Wait(`localStorage.length`, "0")
	page.Click("#sign-out")
	page.Wait(`document.querySelector("#figures").hidden + " " + sessionStorage.length`, "true 0")
	page.Run(chromedp.Reload())
	page.Wait(`document.querySelector("#sign-in").hidden`, "false")
}

func showsCause(_ *testing.T, node *fakeStatus, page page) {
	page.live()
	page.Wait(`document.querySelector("#mode").dataset.mode + document.querySelector("#mode-cause").hidden`, "oktrue")
	node.degraded.Store(true)
	page.Wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	page.Wait(`document.querySelector("#mode-cause").textContent`, "Redis <b>refuses</b> writes: OOM")
	page.Wait(`document.querySelectorAll("#mode-effects li").length + " " + document.querySelector("#mode-age").textContent`, "2 (1 min 35 s)")
	page.Wait(`document.title`, "degraded: chat-1 – chatnode")
}

func pagesRooms(_ *testing.T, _ *fakeStatus, page page) {
	const first, text = `document.querySelector("#rooms tbody tr").dataset.room`, `document.querySelector("#rooms-pages .pages-text").textContent`
	page.live()
	page.Wait(first+` + " " + `+text, "room-0 1–20 of 45")
	page.Click("#rooms-pages [data-action=on]")
	page.Wait(first+` + " " + `+text, "room-20 21–40 of 45")
	page.Click("#rooms-pages [data-action=on]")
	page.Wait(first+` + " " + `+text, "room-40 41–45 of 45")
	page.Wait(`document.querySelector("#rooms-pages [data-action=on]").disabled`, "true")
	page.Click("#rooms-sort [data-sort=rate]")
	page.Wait(first+` + " " + `+text, "room-44 1–20 of 45")
	page.Wait(`document.querySelector("#rooms-pages [data-action=back]").disabled`, "true")
	page.Wait(`document.querySelector("#rooms-sort [aria-pressed=true]").dataset.sort`, "rate")
}

func pauses(t *testing.T, node *fakeStatus, page page) {
	page.live()
	page.Click("#pause")
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "paused")
	before := node.pulls.Load()
	page.Eval(`new Promise((done) => setTimeout(done, 2500))`)
	if after := node.pulls.Load(); after > before+1 { // one may have been under way
		t.Errorf("%d pulls while paused", after-before)
	}
	page.Click("#pause")
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.Wait(fmt.Sprintf(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/status/data")).length > %d`, before+1), "true")
}

func showsTrouble(_ *testing.T, node *fakeStatus, page page) {
	page.live()
	node.broken.Store(true)
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "failing")
	page.Wait(`document.querySelector("#trouble").textContent`, "The node says: Out of order. These figures are old; trying again.")
	node.broken.Store(false)
	page.Wait(`document.querySelector("#refresh-state").dataset.state + document.querySelector("#trouble").hidden`, "livetrue")
}

func drawsLines(_ *testing.T, _ *fakeStatus, page page) {
	page.live()
	page.Wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 2`, "true")
	page.Wait(`document.querySelector("[data-card=clients] .spark-line").getAttribute("d").startsWith("M")`, "true")
	page.Wait(`document.querySelector("[data-card=shownRate] .sparkline").getAttribute("aria-label").startsWith("Messages a second in the last")`, "true")
}

func hasNames(t *testing.T, _ *fakeStatus, page page) {
	page.live()
	if got := page.Eval(`[...document.querySelectorAll("button, input")].filter((n) => !n.textContent.trim() && !n.labels?.length).length`); got != "0" {
		t.Errorf("%s controls without a name", got)
	}
	if got := page.Eval(`[...document.querySelectorAll("table")].filter((n) => !n.querySelector("thead th[scope=col]") || (n.rows.length > 1 && !n.querySelector("tbody th[scope=row]"))).length`); got != "0" {
		t.Errorf("%s tables without heads", got)
	}
	page.Eval(`document.querySelector("#rooms-sort [data-sort=rate]").focus()`)
	page.Run(chromedp.KeyEvent(" "))
	page.Wait(`document.querySelector("#rooms tbody tr").dataset.room + " " + document.activeElement.dataset.sort`, "room-44 rate")
}

// fits checks that nothing sticks out. WEB_SHOTS names a folder for pictures to be looked at.
func fits(t *testing.T, node *fakeStatus, page page) {
	page.live()
	page.Wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 3`, "true")
	for _, look := range []struct {
		width    int64
		scheme   string
		degraded bool
	}{{1280, "light", false}, {1280, "dark", true}, {390, "light", true}, {390, "dark", false}} {
		node.degraded.Store(look.degraded)
		page.Width(look.width)
		page.Scheme(look.scheme)
		page.Wait(`document.querySelector("#mode").dataset.mode`, map[bool]string{true: "degraded", false: "ok"}[look.degraded])
		if got := page.Eval(`document.documentElement.scrollWidth - innerWidth`); got != "0" {
			t.Errorf("%d px: %s px stick out", look.width, got)
		}
		if got := page.Eval(`[...document.querySelectorAll(".scroll")].filter((s) => s.scrollWidth > s.clientWidth).length`); got != "0" {
			t.Errorf("%d px: %s tables are wider than their panels", look.width, got)
		}
		page.CheckAccess()
		page.Shoot(fmt.Sprintf("status-%d-%s.png", look.width, look.scheme))
	}
}
