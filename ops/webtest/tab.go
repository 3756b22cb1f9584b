package webtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A Tab is a page in a browser context of its own, so that no two share storage.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Open shows url in a fresh tab, 1280 px wide. When the test ends, the page must be without faults and
// accessible as it stands then.
func Open(browser context.Context, t testing.TB, url string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := &Tab{t: t, ctx: ctx}
	t.Cleanup(cancel)
	t.Cleanup(func() {
		p.checkFaults()
		p.CheckAccess()
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first run
		t.Fatalf("open a tab: %v", err)
	}
	p.Width(1280)
	p.Scheme("light")
	p.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: watchFaults})
		return err
	}), chromedp.Navigate(url))
	return p
}

// Run carries out steps of chromedp's.
func (p *Tab) Run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

// Eval evaluates JavaScript, awaiting a promise, and returns the result as text.
func (p *Tab) Eval(js string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("browser: %s: %v", js, err)
	}
	return fmt.Sprint(out)
}

// Wait polls until js evaluates to want.
func (p *Tab) Wait(js, want string) {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for got := p.Eval(js); got != want; got = p.Eval(js) {
		select {
		case <-deadline:
			p.t.Fatalf("%s\n is %s\nwant %s", js, got, want)
		case <-tick.C:
		}
	}
}

// Click clicks the middle of the element that a CSS selector finds.
func (p *Tab) Click(selector string) {
	p.t.Helper()
	p.Run(chromedp.Click(chromedp.CSS(selector)))
}

// Type types text into the element that a CSS selector finds; "\r" is Enter.
func (p *Tab) Type(selector, text string) {
	p.t.Helper()
	p.Run(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Press presses keys where the focus is; package kb of chromedp has those without a letter.
func (p *Tab) Press(keys string, modifiers ...chromedp.KeyOption) {
	p.t.Helper()
	p.Run(chromedp.KeyEvent(keys, modifiers...))
}
