package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"chatnode/ops/webtest"
)

// TestStatusPage tests the status page with a fake node, in one Chromium.
func TestStatusPage(t *testing.T) {
	browser := webtest.Launch(t)
	for _, s := range []struct {
		name string
		play func(t *testing.T, node *fakeStatus, page page)
	}{
		{"an invalid key shows an error, a valid key the figures", signsInWithKey},
		{"the token of a member is rejected", refusesMembers},
		{"the key is stored in the tab until the admin signs out", storesKey},
		{"degraded shows cause, duration and effects", showsCause},
		{"rooms are paged by size and by rate", pagesRooms},
		{"pause stops the requests, resume continues them", pausesRefresh},
		{"a failing node shows an error until it recovers", showsRequestError},
		{"figures have sparklines", drawsLines},
		{"controls have names and work by keyboard", supportsKeyboard},
		{"the page fits phone and desktop, light and dark", fitsScreens},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel() // the test mostly waits
			node := newFakeStatus(t, 45)
			s.play(t, node, open(browser, t, node.srv.URL+"/status"))
		})
	}
}

// enterKey waits for the sign-in form and enters a key.
func (p page) enterKey(key string) {
	p.Wait(`document.querySelector("#sign-in").hidden`, "false")
	p.Type("#key-input", key+"\r")
}

// signInAsAdmin enters the admin key and waits for figures.
func (p page) signInAsAdmin() {
	p.t.Helper()
	p.enterKey(statusKey)
	p.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
}

func signsInWithKey(_ *testing.T, _ *fakeStatus, page page) {
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "")
	page.Wait(`document.activeElement.id`, "key-input")
	page.enterKey("not the key")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "This key or token is invalid or has expired.")
	page.Wait(`sessionStorage.length`, "0")
	page.enterKey("ключ")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "The key contains invalid characters.")
	page.signInAsAdmin()
	page.Wait(`document.querySelector("#sign-in").hidden`, "true")
	page.Wait(`document.querySelector("#node-name").textContent`, "chat-1")
	page.Wait(`[...document.querySelectorAll("#instances [data-instance]")].map((r) => r.dataset.instance + " " + r.dataset.suspect).join()`,
		"chat-3 true,chat-2 false,chat-1 false")
	page.Wait(`document.querySelector("#links [data-link=subscribe]").children[1].textContent`, "240 ms ago")
}

func refusesMembers(_ *testing.T, _ *fakeStatus, page page) {
	page.enterKey("a member")
	page.Wait(`document.querySelector("#sign-in-error").textContent`, "This token is valid, but only admins can view the status.")
	page.Wait(`document.querySelector("#figures").hidden`, "true")
}

func storesKey(_ *testing.T, _ *fakeStatus, page page) {
	page.signInAsAdmin()
	page.Run(chromedp.Reload())
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.Wait(`localStorage.length`, "0")
	page.Click("#sign-out")
	page.Wait(`document.querySelector("#figures").hidden + " " + sessionStorage.length`, "true 0")
	page.Run(chromedp.Reload())
	page.Wait(`document.querySelector("#sign-in").hidden`, "false")
}

func showsCause(_ *testing.T, node *fakeStatus, page page) {
	page.signInAsAdmin()
	page.Wait(`document.querySelector("#mode").dataset.mode + document.querySelector("#mode-cause").hidden`, "oktrue")
	node.degraded.Store(true)
	page.Wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	page.Wait(`document.querySelector("#mode-cause").textContent`, "Redis <b>refuses</b> writes: OOM")
	page.Wait(`document.querySelectorAll("#mode-effects li").length + " " + document.querySelector("#mode-age").textContent`, "2 (1 min 35 s)")
	page.Wait(`document.title`, "degraded: chat-1 – chatnode")
}

func pagesRooms(_ *testing.T, _ *fakeStatus, page page) {
	const first, text = `document.querySelector("#rooms tbody tr").dataset.room`, `document.querySelector("#rooms-pages .pages-text").textContent`
	page.signInAsAdmin()
	page.Wait(first+` + " " + `+text, "room-0 1–20 of 45")
	page.Click("#rooms-pages [data-action=next]")
	page.Wait(first+` + " " + `+text, "room-20 21–40 of 45")
	page.Click("#rooms-pages [data-action=next]")
	page.Wait(first+` + " " + `+text, "room-40 41–45 of 45")
	page.Wait(`document.querySelector("#rooms-pages [data-action=next]").disabled`, "true")
	page.Click("#rooms-sort [data-sort=rate]")
	page.Wait(first+` + " " + `+text, "room-44 1–20 of 45")
	page.Wait(`document.querySelector("#rooms-pages [data-action=previous]").disabled`, "true")
	page.Wait(`document.querySelector("#rooms-sort [aria-pressed=true]").dataset.sort`, "rate")
}

func pausesRefresh(t *testing.T, node *fakeStatus, page page) {
	page.signInAsAdmin()
	page.Click("#pause")
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "paused")
	before := node.requests.Load()
	page.Eval(`new Promise((done) => setTimeout(done, 2500))`)
	if after := node.requests.Load(); after > before+1 { // one may have been in flight
		t.Errorf("%d requests while paused, want at most 1", after-before)
	}
	page.Click("#pause")
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.Wait(fmt.Sprintf(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/status/data")).length > %d`, before+1), "true")
}

func showsRequestError(_ *testing.T, node *fakeStatus, page page) {
	page.signInAsAdmin()
	node.broken.Store(true)
	page.Wait(`document.querySelector("#refresh-state").dataset.state`, "failing")
	page.Wait(`document.querySelector("#trouble").textContent`, "The node returned an error: Out of order. The figures shown are old. Retrying.")
	node.broken.Store(false)
	page.Wait(`document.querySelector("#refresh-state").dataset.state + document.querySelector("#trouble").hidden`, "livetrue")
}

func drawsLines(_ *testing.T, _ *fakeStatus, page page) {
	page.signInAsAdmin()
	page.Wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 2`, "true")
	page.Wait(`document.querySelector("[data-card=clients] .spark-line").getAttribute("d").startsWith("M")`, "true")
	page.Wait(`document.querySelector("[data-card=shownRate] .sparkline").getAttribute("aria-label").startsWith("Messages per second in the last")`, "true")
}

func supportsKeyboard(t *testing.T, _ *fakeStatus, page page) {
	page.signInAsAdmin()
	if got := page.Eval(`[...document.querySelectorAll("button, input")].filter((n) => !n.textContent.trim() && !n.labels?.length).length`); got != "0" {
		t.Errorf("%s controls have no name, want 0", got)
	}
	if got := page.Eval(`[...document.querySelectorAll("table")].filter((n) => !n.querySelector("thead th[scope=col]") || (n.rows.length > 1 && !n.querySelector("tbody th[scope=row]"))).length`); got != "0" {
		t.Errorf("%s tables have no header cells, want 0", got)
	}
	page.Eval(`document.querySelector("#rooms-sort [data-sort=rate]").focus()`)
	page.Run(chromedp.KeyEvent(" "))
	page.Wait(`document.querySelector("#rooms tbody tr").dataset.room + " " + document.activeElement.dataset.sort`, "room-44 rate")
}

// fitsScreens checks that the content does not overflow. If WEB_SHOTS names a folder, screenshots are written to it.
func fitsScreens(t *testing.T, node *fakeStatus, page page) {
	page.signInAsAdmin()
	page.Wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 3`, "true")
	for _, look := range []struct {
		width    int64
		scheme   string
		degraded bool
	}{{1280, "light", false}, {1280, "dark", true}, {390, "light", true}, {390, "dark", false}} {
		node.degraded.Store(look.degraded)
		page.SetWidth(look.width)
		page.SetColorScheme(look.scheme)
		page.Wait(`document.querySelector("#mode").dataset.mode`, map[bool]string{true: "degraded", false: "ok"}[look.degraded])
		if got := page.Eval(`document.documentElement.scrollWidth - innerWidth`); got != "0" {
			t.Errorf("%d px: the content overflows by %s px", look.width, got)
		}
		if got := page.Eval(`[...document.querySelectorAll(".scroll")].filter((s) => s.scrollWidth > s.clientWidth).length`); got != "0" {
			t.Errorf("%d px: %s tables are wider than their panels, want 0", look.width, got)
		}
		page.CheckAccess()
		page.Screenshot(fmt.Sprintf("status-%d-%s.png", look.width, look.scheme))
	}
}
