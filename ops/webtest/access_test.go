package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// good is a page without a fault; each row below breaks one rule of access.js in it.
const good = `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>Title</h1>
<p id="hint">Some text</p><label>Name <input aria-describedby="hint" style="height:30px"></label><ul><li>one</li></ul>
<img alt="" src="data:,"><button style="width:30px;height:30px" aria-label="Close">x</button></main></body></html>`

func TestRulesOfAccessBite(t *testing.T) {
	var page atomic.Value // of string
	page.Store(good)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page.Load().(string))) // the browser may be gone
	}))
	t.Cleanup(srv.Close)
	tab := Open(Launch(t), t, srv.URL)
	for _, tc := range []struct{ old, bad, want string }{
		{"", "", ""},
		{` lang="en"`, "", "language: html"},
		{"A page", "", "title: html"},
		{`<ul>`, `<ul id="hint">`, "id twice: p#hint"},
		{`describedby="hint"`, `describedby="nobody"`, "aria-describedby leads nowhere: input"},
		{"<label>Name ", "<label>", "no name: input"},
		{` aria-label="Close">x`, ">", "no name: button"},
		{`alt=""`, "", "no alt: img"},
		{"<button", `<button tabindex="3"`, "tabindex above 0: button"},
		{"<button", `<button aria-hidden="true"`, "hidden, but takes the focus: button"},
		{"<li>one</li>", "<p>one</p>", "in a list, but no item: p"},
		{"<ul><li>one</li></ul>", "<div><li>one</li></div>", "an item of no list: li"},
		{"one</li>", `<a href="/">a <button>b</button></a></li>`, "a control in a control: button"},
		{"h1>", "h2>", "not one h1: body"},
		{"main>", "div>", "not one main: body"},
		{"width:30px", "width:12px;padding:0", "target too small: button"},
		{`<p id="hint"`, `<p id="hint" style="color:#888"`, "contrast: p#hint 3.5"},
		{`<p id="hint"`, `<p id="hint" style="opacity:.99;color:rgb(0 0 0 / 40%)"`, "contrast: p#hint 2.8"},
	} {
		if page.Store(good); tc.old != "" {
			page.Store(strings.ReplaceAll(good, tc.old, tc.bad))
		}
		tab.Run(chromedp.Reload())
		if got := tab.offences(); !strings.Contains(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("%q for %q: found %q, want %q", tc.bad, tc.old, got, tc.want)
		}
	}
	page.Store(good)
	tab.Run(chromedp.Reload()) // for the check at the end
}

func TestFaultsAreNoted(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "script-src 'self'")
		_, _ = w.Write([]byte(good)) // see above
	}))
	t.Cleanup(srv.Close)
	tab := Open(Launch(t), t, srv.URL)
	tab.Eval(`setTimeout(() => { throw new Error("thrown"); })`)
	tab.Eval(`void Promise.reject("rejected")`)
	tab.Eval(`console.error("logged")`)
	tab.Eval(`document.body.append(Object.assign(document.createElement("script"), { textContent: "1" }))`)
	tab.Wait(`window.faults.map((f) => f.split(":")[0]).sort().join()`, "console,error,policy,rejection")
	tab.Eval(`faults.length = 0`) // they were asked for
}
