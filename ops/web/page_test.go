package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"chatnode/ops/webtest"
)

// page is a page of the web client in a browser tab.
type page struct {
	*webtest.Tab
	t *testing.T
}

// open opens url in a new tab.
func open(browser context.Context, t *testing.T, url string) page {
	t.Helper()
	return page{webtest.Open(browser, t, url), t}
}

// waitState waits until the page displays a connection state.
func (p page) waitState(want string) {
	p.t.Helper()
	p.Wait(`document.querySelector("#connection-state").dataset.state`, want)
}

// waitMessages waits until the log contains exactly these texts. The text of a pending message ends in "…".
func (p page) waitMessages(texts ...string) {
	p.t.Helper()
	p.Wait(`[...document.querySelectorAll("#message-list li.message")].map((li) =>
		(li.querySelector("[data-text]")?.firstChild?.textContent ?? "") + (li.dataset.outgoingId ? "…" : "")).join("\n")`, strings.Join(texts, "\n"))
}

// sendText types text into the message box and sends it.
func (p page) sendText(text string) {
	p.t.Helper()
	p.Type("#composer-input", text+"\r")
}

// joinRoom joins a room with the form in the sidebar.
func (p page) joinRoom(room string) {
	p.t.Helper()
	p.Type("#join-input", room+"\r")
}

// numbered returns the texts "message N" for N from from to to.
func numbered(from, to int) []string {
	var texts []string
	for i := from; i <= to; i++ {
		texts = append(texts, fmt.Sprintf("message %d", i))
	}
	return texts
}
