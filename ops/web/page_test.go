package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"chatnode/ops/webtest"
)

// page is the chat page in a tab.
type page struct {
	*webtest.Tab
	t *testing.T
}

// open shows url in a fresh tab.
func open(browser context.Context, t *testing.T, url string) page {
	t.Helper()
	return page{webtest.Open(browser, t, url), t}
}

// state waits for the connection's state.
func (p page) state(want string) {
	p.t.Helper()
	p.Wait(`document.querySelector("#connection-state").dataset.state`, want)
}

// shows waits until the log consists of these texts; one that is on its way ends in "…".
func (p page) shows(texts ...string) {
	p.t.Helper()
	p.Wait(`[...document.querySelectorAll("#message-list li.message")].map((li) =>
		(li.querySelector("[data-text]")?.firstChild?.textContent ?? "") + (li.dataset.outgoingId ? "…" : "")).join("\n")`, strings.Join(texts, "\n"))
}

// write types text into the message box and sends it.
func (p page) write(text string) {
	p.t.Helper()
	p.Type("#composer-input", text+"\r")
}

// join joins a room by the box below the rooms.
func (p page) join(room string) {
	p.t.Helper()
	p.Type("#join-input", room+"\r")
}

// numbered are the texts "message from" to "message to".
func numbered(from, to int) []string {
	var texts []string
	for i := from; i <= to; i++ {
		texts = append(texts, fmt.Sprintf("message %d", i))
	}
	return texts
}
