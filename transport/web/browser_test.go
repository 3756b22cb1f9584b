package web

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// watchFaults notes what the Content-Security-Policy had to stop, and what nobody caught.
const watchFaults = `window.faults = [];
addEventListener("securitypolicyviolation", (e) => faults.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => faults.push("error: " + e.message));
addEventListener("unhandledrejection", (e) => faults.push("rejection: " + e.reason));`

// launch starts a Chromium of its own, which ends with the test.
func launch(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("Chromium is missing: apt-get install -y chromium")
	}
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox}
	for _, flag := range []string{"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...) // t.Context ends before the cleanups that still use the page
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// tab is the page in a browser context of its own, so that no two tests share storage.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open shows url in a fresh tab. When the test ends, the page must have thrown nothing and
// violated no policy.
func open(browser context.Context, t *testing.T, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := &tab{t: t, ctx: ctx}
	t.Cleanup(cancel)
	t.Cleanup(func() {
		if got := p.eval("JSON.stringify(faults)"); got != "[]" {
			t.Errorf("faults of the page: %s", got)
		}
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first run
		t.Fatalf("open a tab: %v", err)
	}
	p.run(chromedp.EmulateViewport(1280, 800), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		still := emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"} // so that a click hits what it aims at
		if _, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&still}}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: watchFaults})
		return err
	}), chromedp.Navigate(url))
	return p
}

func (p *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

// eval evaluates JavaScript, awaiting a promise, and returns the result as text.
func (p *tab) eval(js string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("browser: %s: %v", js, err)
	}
	return fmt.Sprint(out)
}

// wait polls until js evaluates to want.
func (p *tab) wait(js, want string) {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for got := p.eval(js); got != want; got = p.eval(js) {
		select {
		case <-deadline:
			p.t.Fatalf("%s\n is %s\nwant %s", js, got, want)
		case <-tick.C:
		}
	}
}

// state waits for the connection's state.
func (p *tab) state(want string) {
	p.t.Helper()
	p.wait(`document.querySelector("#connection-state").dataset.state`, want)
}

// shows waits until the log consists of these texts; one that is on its way ends in "…".
func (p *tab) shows(texts ...string) {
	p.t.Helper()
	p.wait(`[...document.querySelectorAll("#message-list li.message")].map((li) =>
		(li.querySelector("[data-text]")?.firstChild?.textContent ?? "") + (li.dataset.outgoingId ? "…" : "")).join("\n")`, strings.Join(texts, "\n"))
}

// write types text into the message box and sends it.
func (p *tab) write(text string) {
	p.t.Helper()
	p.run(sendKeys("#composer-input", text+"\r"))
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.run(chromedp.Click(chromedp.CSS(selector)))
}

func sendKeys(selector, text string) chromedp.Action[chromedp.Void] {
	return chromedp.SendKeys(chromedp.CSS(selector), text)
}

// numbered are the texts "message from" to "message to".
func numbered(from, to int) []string {
	var texts []string
	for i := from; i <= to; i++ {
		texts = append(texts, fmt.Sprintf("message %d", i))
	}
	return texts
}
