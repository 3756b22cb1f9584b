package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/ops/webtest"
)

// adminKey opens the status page.
const adminKey = "an end-to-end key of the admins, of 32 characters"

// statusData is what the tests need of /status/data.
type statusData struct {
	Kinds []struct{ Kind string }
	Link  struct {
		Mode, Cause string
		Effects     []string
	}
}

// status asks the first node for the data of its status page.
func (w *world) status() (data statusData) {
	w.Helper()
	text := w.Nodes[0].Get(w, "/status/data", adminKey, "application/json")
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		w.Fatal(err)
	}
	return data
}

// openStatus shows the first node's status page and enters the admin key.
func (w *world) openStatus() *webtest.Tab {
	w.Helper()
	p := webtest.Open(webtest.Launch(w), w, "http://"+w.Nodes[0].Addr+"/status")
	p.Wait(`document.querySelector("#sign-in").hidden`, "false")
	p.Type("#key-input", adminKey+"\r")
	return p
}

func TestStatusPageShowsNode(t *testing.T) {
	w := newWorld(t, cluster.Options{Nodes: 1}, withTokens("ADMIN_API_KEY", adminKey))
	page := w.openStatus()
	page.Wait(`document.querySelector("#mode").dataset.mode`, "ok")
	page.Wait(`document.querySelector("#instances [data-instance]").dataset.instance`, "node-1")
	page.Wait(`document.querySelectorAll("#kinds [data-kind]").length`, fmt.Sprint(len(w.status().Kinds)))
	page.Wait(`document.querySelector("#rooms-none").hidden`, "false")
	ann := w.enter(inRoom(w.as(0, "ann", "member"), "lobby"))
	w.do(ann, client.Command{Type: "send_message", ID: "1", Room: "lobby", Message: "hello"})
	page.Wait(`[...document.querySelectorAll("#rooms [data-room=lobby] td")].map((c) => c.textContent).filter((_, i) => i !== 1).join()`, "1,1")
	page.Wait(`document.querySelector("[data-card=clients] .card-value").textContent`, "1")
	page.Wait(`document.querySelector("#kinds [data-kind=session] td").textContent`, "1")
}

func TestStatusPageShowsCause(t *testing.T) {
	w := newWorld(t, cluster.Options{Nodes: 1}, withTokens("ADMIN_API_KEY", adminKey, "ENABLE_DISTRIBUTED_CHAT", "true", "REDIS_URL", "redis://127.0.0.1:1"))
	page := w.openStatus()
	page.Wait(`document.querySelector("#mode").dataset.mode`, "degraded")
	link := w.status().Link
	if link.Mode != "degraded" || link.Cause == "" || len(link.Effects) == 0 {
		t.Errorf("/status/data: %+v, want a cause and effects", link)
	}
	page.Wait(`document.querySelector("#mode-cause").textContent`, link.Cause)
	page.Wait(`document.querySelectorAll("#mode-effects li").length`, fmt.Sprint(len(link.Effects)))
	page.Wait(`[...document.querySelectorAll("#links [data-link]")].map((l) => l.children[1].textContent).join()`, "not yet,not yet,not yet")
	page.Wait(`[...document.querySelectorAll("#links [data-link]")].map((l) => l.lastElementChild.textContent).join()`, "0,–,–")
	page.Wait(`document.querySelector("#journal").hidden`, "false")
}
