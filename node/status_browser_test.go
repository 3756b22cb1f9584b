package node

import (
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A statusTab is the status page of a real node in a Chromium of its own.
type statusTab struct {
	t   *testing.T
	ctx context.Context
}

// openStatus shows a node's status page and enters the admin key.
func openStatus(t *testing.T, r *apiRig) *statusTab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("Chromium is missing: apt-get install -y chromium")
	}
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox}
	for _, flag := range []string{"disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+r.url+"/status")); err != nil {
		t.Fatalf("open the status page: %v", err)
	}
	p := &statusTab{t, ctx}
	p.wait(`document.querySelector("#sign-in").hidden`, "false")
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#key-input"), adminKey+"\r")); err != nil {
		t.Fatalf("enter the key: %v", err)
	}
	return p
}

// wait polls until js evaluates to want.
func (p *statusTab) wait(js, want string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*apiPatience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var got string
	for {
		out, err := chromedp.Run(ctx, chromedp.Evaluate[any](js))
		if err == nil {
			if got = fmt.Sprint(out); got == want {
				return
			}
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("%s\n is %s (%v)\nwant %s", js, got, err, want)
		case <-tick.C:
		}
	}
}

func TestStatusPageShowsARealNode(t *testing.T) {
	r := startAPI(t)
	page := openStatus(t, r)
	page.wait(`document.querySelector("#mode").dataset.mode`, "ok")
	page.wait(`document.querySelector("#instances [data-instance]").dataset.instance`, "node-1")
	page.wait(`document.querySelectorAll("#kinds [data-kind]").length`, fmt.Sprint(len(actorTree)))
	page.wait(`document.querySelector("#rooms-none").hidden`, "false")
	ann := r.join(t, "ann", "member", "lobby")
	ann.send(t, `{"type":"send_message","id":"1","room":"lobby","message":"hello"}`)
	page.wait(`[...document.querySelectorAll("#rooms [data-room=lobby] td")].map((c) => c.textContent).filter((_, i) => i !== 1).join()`, "1,1")
	page.wait(`document.querySelector("[data-card=clients] .card-value").textContent`, "1")
	page.wait(`document.querySelector("#kinds [data-kind=session] td").textContent`, "1")
}

func TestStatusPageSaysWhyARealNodeIsDegraded(t *testing.T) {
	r := startAPI(t, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=redis://127.0.0.1:1")
	page := openStatus(t, r)
	page.wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	page.wait(`document.querySelector("#mode-cause").textContent`, r.core.Status().Cause)
	page.wait(`document.querySelectorAll("#mode-effects li").length`, fmt.Sprint(len(r.core.Status().Effects)))
	page.wait(`[...document.querySelectorAll("#links [data-link]")].map((l) => l.children[1].textContent).join()`, "not yet,not yet,not yet")
	page.wait(`document.querySelector("#journal").hidden`, "false")
}
