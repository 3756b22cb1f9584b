package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// validPage has no violations. Each row below changes it to violate one rule of access.js.
const validPage = `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>Title</h1>
<p id="hint">Some text</p><label>Name <input aria-describedby="hint" style="height:30px"></label><ul><li>one</li></ul>
<img alt="" src="data:,"><button style="width:30px;height:30px" aria-label="Close">x</button></main></body></html>`

func TestCheckAccessFindsViolations(t *testing.T) {
	var page atomic.Value // of string
	page.Store(validPage)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page.Load().(string))) // fails if the browser has closed the connection
	}))
	t.Cleanup(srv.Close)
	tab := Open(Launch(t), t, srv.URL)
	for _, tc := range []struct{ old, bad, want string }{
		{"", "", ""},
		{` lang="en"`, "", "language: html"},
		{"A page", "", "title: html"},
		{`<ul>`, `<ul id="hint">`, "duplicate id: p#hint"},
		{`describedby="hint"`, `describedby="missing"`, "aria-describedby refers to a missing id: input"},
		{"<label>Name ", "<label>", "no name: input"},
		{` aria-label="Close">x`, ">", "no name: button"},
		{`alt=""`, "", "no alt: img"},
		{"<button", `<button tabindex="3"`, "tabindex above 0: button"},
		{"<button", `<button aria-hidden="true"`, "hidden, but focusable: button"},
		{"<li>one</li>", "<p>one</p>", "list child is not an item: p"},
		{"<ul><li>one</li></ul>", "<div><li>one</li></div>", "item outside a list: li"},
		{"one</li>", `<a href="/">a <button>b</button></a></li>`, "nested controls: button"},
		{"h1>", "h2>", "not exactly one h1: body"},
		{"main>", "div>", "not exactly one main: body"},
		{"width:30px", "width:12px;padding:0", "target too small: button"},
		{`<p id="hint"`, `<p id="hint" style="color:#888"`, "contrast: p#hint 3.5"},
		{`<p id="hint"`, `<p id="hint" style="opacity:.99;color:rgb(0 0 0 / 40%)"`, "contrast: p#hint 2.8"},
	} {
		if page.Store(validPage); tc.old != "" {
			page.Store(strings.ReplaceAll(validPage, tc.old, tc.bad))
		}
		tab.Run(chromedp.Reload())
		if got := tab.violations(); !strings.Contains(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("%q replaced by %q: violations %q, want %q", tc.old, tc.bad, got, tc.want)
		}
	}
	page.Store(validPage)
	tab.Run(chromedp.Reload()) // the page is checked again when the test ends
}

func TestPageErrorsAreCollected(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "script-src 'self'")
		_, _ = w.Write([]byte(validPage)) // fails if the browser has closed the connection
	}))
	t.Cleanup(srv.Close)
	tab := Open(Launch(t), t, srv.URL)
	tab.Eval(`setTimeout(() => { throw new Error("thrown"); })`)
	tab.Eval(`void Promise.reject("rejected")`)
	tab.Eval(`console.error("logged")`)
	tab.Eval(`document.body.append(Object.assign(document.createElement("script"), { textContent: "1" }))`)
	tab.Wait(`window.pageErrors.map((f) => f.split(":")[0]).sort().join()`, "console,error,policy,rejection")
	tab.Eval(`pageErrors.length = 0`) // these errors are intended
}
