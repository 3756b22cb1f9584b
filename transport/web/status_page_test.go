package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestStatusPage shows the status page what a node might say, in one Chromium.
func TestStatusPage(t *testing.T) {
	browser := launch(t)
	for _, s := range []struct {
		name string
		play func(t *testing.T, node *fakeStatus, page *tab)
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
func (p *tab) enterKey(key string) {
	p.t.Helper()
	p.wait(`document.querySelector("#sign-in").hidden`, "false")
	p.run(sendKeys("#key-input", key+"\r"))
}

// live signs in and waits for figures.
func (p *tab) live() {
	p.t.Helper()
	p.enterKey(statusKey)
	p.wait(`document.querySelector("#refresh-state").dataset.state`, "live")
}

func signsInWithKey(_ *testing.T, _ *fakeStatus, page *tab) {
	page.wait(`document.querySelector("#sign-in-error").textContent`, "")
	page.wait(`document.activeElement.id`, "key-input")
	page.enterKey("not the key")
	page.wait(`document.querySelector("#sign-in-error").textContent`, "The node does not know this key or token, or it has expired.")
	page.wait(`sessionStorage.length`, "0")
	page.enterKey("ключ")
	page.wait(`document.querySelector("#sign-in-error").textContent`, "The key holds characters that no key has.")
	page.live()
	page.wait(`document.querySelector("#sign-in").hidden`, "true")
	page.wait(`document.querySelector("#node-name").textContent`, "chat-1")
	page.wait(`[...document.querySelectorAll("#instances [data-instance]")].map((r) => r.dataset.instance + " " + r.dataset.suspect).join()`,
		"chat-3 true,chat-2 false,chat-1 false")
	page.wait(`document.querySelector("#links [data-link=subscribe]").children[1].textContent`, "240 ms ago")
}

func refusesMembers(_ *testing.T, _ *fakeStatus, page *tab) {
	page.enterKey("a member")
	page.wait(`document.querySelector("#sign-in-error").textContent`, "You are signed in, but only admins may see the status.")
	page.wait(`document.querySelector("#figures").hidden`, "true")
}

func remembersKey(_ *testing.T, _ *fakeStatus, page *tab) {
	page.live()
	page.run(chromedp.Reload())
	page.wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.wait(`localStorage.length`, "0")
	page.click("#sign-out")
	page.wait(`document.querySelector("#figures").hidden + " " + sessionStorage.length`, "true 0")
	page.run(chromedp.Reload())
	page.wait(`document.querySelector("#sign-in").hidden`, "false")
}

func showsCause(_ *testing.T, node *fakeStatus, page *tab) {
	page.live()
	page.wait(`document.querySelector("#mode").dataset.mode + document.querySelector("#mode-cause").hidden`, "oktrue")
	node.degraded.Store(true)
	page.wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	page.wait(`document.querySelector("#mode-cause").textContent`, "Redis <b>refuses</b> writes: OOM")
	page.wait(`document.querySelectorAll("#mode-effects li").length + " " + document.querySelector("#mode-age").textContent`, "2 (1 min 35 s)")
	page.wait(`document.title`, "degraded: chat-1 – chatnode")
}

func pagesRooms(_ *testing.T, _ *fakeStatus, page *tab) {
	const first, text = `document.querySelector("#rooms tbody tr").dataset.room`, `document.querySelector("#rooms-pages .pages-text").textContent`
	page.live()
	page.wait(first+` + " " + `+text, "room-0 1–20 of 45")
	page.click("#rooms-pages [data-action=on]")
	page.wait(first+` + " " + `+text, "room-20 21–40 of 45")
	page.click("#rooms-pages [data-action=on]")
	page.wait(first+` + " " + `+text, "room-40 41–45 of 45")
	page.wait(`document.querySelector("#rooms-pages [data-action=on]").disabled`, "true")
	page.click("#rooms-sort [data-sort=rate]")
	page.wait(first+` + " " + `+text, "room-44 1–20 of 45")
	page.wait(`document.querySelector("#rooms-pages [data-action=back]").disabled`, "true")
	page.wait(`document.querySelector("#rooms-sort [aria-pressed=true]").dataset.sort`, "rate")
}

func pauses(t *testing.T, node *fakeStatus, page *tab) {
	page.live()
	page.click("#pause")
	page.wait(`document.querySelector("#refresh-state").dataset.state`, "paused")
	before := node.pulls.Load()
	page.eval(`new Promise((done) => setTimeout(done, 2500))`)
	if after := node.pulls.Load(); after > before+1 { // one may have been under way
		t.Errorf("%d pulls while paused", after-before)
	}
	page.click("#pause")
	page.wait(`document.querySelector("#refresh-state").dataset.state`, "live")
	page.wait(fmt.Sprintf(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/status/data")).length > %d`, before+1), "true")
}

func showsTrouble(_ *testing.T, node *fakeStatus, page *tab) {
	page.live()
	node.broken.Store(true)
	page.wait(`document.querySelector("#refresh-state").dataset.state`, "failing")
	page.wait(`document.querySelector("#trouble").textContent`, "The node says: Out of order. These figures are old; trying again.")
	node.broken.Store(false)
	page.wait(`document.querySelector("#refresh-state").dataset.state + document.querySelector("#trouble").hidden`, "livetrue")
}

func drawsLines(_ *testing.T, _ *fakeStatus, page *tab) {
	page.live()
	page.wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 2`, "true")
	page.wait(`document.querySelector("[data-card=clients] .spark-line").getAttribute("d").startsWith("M")`, "true")
	page.wait(`document.querySelector("[data-card=shownRate] .sparkline").getAttribute("aria-label").startsWith("Messages a second in the last")`, "true")
}

func hasNames(t *testing.T, _ *fakeStatus, page *tab) {
	page.live()
	if got := page.eval(`[...document.querySelectorAll("button, input")].filter((n) => !n.textContent.trim() && !n.labels?.length).length`); got != "0" {
		t.Errorf("%s controls without a name", got)
	}
	if got := page.eval(`[...document.querySelectorAll("table")].filter((n) => !n.querySelector("thead th[scope=col]") || (n.rows.length > 1 && !n.querySelector("tbody th[scope=row]"))).length`); got != "0" {
		t.Errorf("%s tables without heads", got)
	}
	page.eval(`document.querySelector("#rooms-sort [data-sort=rate]").focus()`)
	page.run(chromedp.KeyEvent(" "))
	page.wait(`document.querySelector("#rooms tbody tr").dataset.room + " " + document.activeElement.dataset.sort`, "room-44 rate")
}

// fits checks that nothing sticks out. STATUS_SHOTS names a folder for pictures to be looked at.
func fits(t *testing.T, node *fakeStatus, page *tab) {
	page.live()
	page.wait(`Number(document.querySelector("[data-card=shownRate] .sparkline").dataset.points) >= 3`, "true")
	for _, look := range []struct {
		width    int64
		scheme   string
		degraded bool
	}{{1280, "light", false}, {1280, "dark", true}, {390, "light", true}, {390, "dark", false}} {
		node.degraded.Store(look.degraded)
		page.run(chromedp.EmulateViewport(look.width, 900), scheme(look.scheme))
		page.wait(`document.querySelector("#mode").dataset.mode`, map[bool]string{true: "degraded", false: "ok"}[look.degraded])
		if got := page.eval(`document.documentElement.scrollWidth - innerWidth`); got != "0" {
			t.Errorf("%d px: %s px stick out", look.width, got)
		}
		page.shoot(fmt.Sprintf("status-%d-%s.png", look.width, look.scheme))
	}
}

func scheme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		feature := emulation.MediaFeature{Name: "prefers-color-scheme", Value: name}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&feature}})
		return err
	})
}

// shoot keeps a picture of the whole page where STATUS_SHOTS asks for it.
func (p *tab) shoot(name string) {
	p.t.Helper()
	folder := os.Getenv("STATUS_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), picture, 0o600)
	}
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
}
