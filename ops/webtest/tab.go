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

// Tab is a page in a separate browser context, so that tabs do not share storage.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Open opens url in a new tab, 1280 px wide. When the test ends, it fails if the page had errors or if its current
// content violates an accessibility rule.
func Open(browser context.Context, t testing.TB, url string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := &Tab{t: t, ctx: ctx}
	t.Cleanup(cancel)
	t.Cleanup(func() {
		p.checkPageErrors()
		p.CheckAccess()
	})
	if err := chromedp.Do(ctx); err != nil { // the tab ends with the context of its first run
		t.Fatalf("open tab: %v", err)
	}
	p.SetWidth(1280)
	p.SetColorScheme("light")
	p.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: collectPageErrors})
		return err
	}), chromedp.Navigate(url))
	return p
}

// Run runs steps of chromedp.
func (p *Tab) Run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitTimeout)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

// Eval evaluates JavaScript and returns the result as text. If the result is a promise, Eval awaits it.
func (p *Tab) Eval(js string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitTimeout)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("browser: %s: %v", js, err)
	}
	return fmt.Sprint(out)
}

// Wait evaluates js every 20 ms until the result is want. It fails the test after waitTimeout.
func (p *Tab) Wait(js, want string) {
	p.t.Helper()
	deadline := time.After(waitTimeout)
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

// Click clicks the center of the element that matches a CSS selector.
func (p *Tab) Click(selector string) {
	p.t.Helper()
	p.Run(chromedp.Click(chromedp.CSS(selector)))
}

// Type types text into the element that matches a CSS selector; "\r" is Enter.
func (p *Tab) Type(selector, text string) {
	p.t.Helper()
	p.Run(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Press presses keys in the focused element. Package kb of chromedp defines the special keys.
func (p *Tab) Press(keys string, modifiers ...chromedp.KeyOption) {
	p.t.Helper()
	p.Run(chromedp.KeyEvent(keys, modifiers...))
}
