package node

import (
	"fmt"
	"testing"

	"chatnode/actors"
	"chatnode/transport/webtest"
)

// openStatus shows a node's status page and enters the admin key.
func openStatus(t *testing.T, r *apiRig) *webtest.Tab {
	t.Helper()
	p := webtest.Open(webtest.Launch(t), t, "http://"+r.url+"/status")
	p.Wait(`document.querySelector("#sign-in").hidden`, "false")
	p.Type("#key-input", adminKey+"\r")
	return p
}

func TestStatusPageShowsARealNode(t *testing.T) {
	r := startAPI(t)
	page := openStatus(t, r)
	page.Wait(`document.querySelector("#mode").dataset.mode`, "ok")
	page.Wait(`document.querySelector("#instances [data-instance]").dataset.instance`, "node-1")
	page.Wait(`document.querySelectorAll("#kinds [data-kind]").length`, fmt.Sprint(len(actors.Kinds)))
	page.Wait(`document.querySelector("#rooms-none").hidden`, "false")
	ann := r.join(t, "ann", "member", "lobby")
	ann.send(t, `{"type":"send_message","id":"1","room":"lobby","message":"hello"}`)
	page.Wait(`[...document.querySelectorAll("#rooms [data-room=lobby] td")].map((c) => c.textContent).filter((_, i) => i !== 1).join()`, "1,1")
	page.Wait(`document.querySelector("[data-card=clients] .card-value").textContent`, "1")
	page.Wait(`document.querySelector("#kinds [data-kind=session] td").textContent`, "1")
}

func TestStatusPageSaysWhyARealNodeIsDegraded(t *testing.T) {
	r := startAPI(t, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=redis://127.0.0.1:1")
	page := openStatus(t, r)
	page.Wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	page.Wait(`document.querySelector("#mode-cause").textContent`, r.core.Status().Cause)
	page.Wait(`document.querySelectorAll("#mode-effects li").length`, fmt.Sprint(len(r.core.Status().Effects)))
	page.Wait(`[...document.querySelectorAll("#links [data-link]")].map((l) => l.children[1].textContent).join()`, "not yet,not yet,not yet")
	page.Wait(`[...document.querySelectorAll("#links [data-link]")].map((l) => l.lastElementChild.textContent).join()`, "0,–,–")
	page.Wait(`document.querySelector("#journal").hidden`, "false")
}
