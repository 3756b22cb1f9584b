package web

import (
	"net/http"
	"testing"
	"time"

	"chatnode/actors/wire"
)

// linkScenes test reconnects: the close code decides whether and when the page reconnects and what it resumes.
func linkScenes() []scene {
	return []scene{
		{"each room is resumed from its last seq", resumesRooms},
		{"after shutdown the page reconnects in its slot", returnsInSlot},
		{"a failed resume replaces the messages", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(3)
			page.waitMessages(numbered(1, 3)...)
			p.close(wire.CloseInternal, "")
			p = chat.accept()
			p.sendConnected()
			p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 9}, false, 0))
			p.sendHistory("", "global", 7, 9, false)
			page.waitMessages(numbered(7, 9)...)
		}},
		{"1008 stops reconnects", stopsOn(wire.ClosePolicy)},
		{"1009 stops reconnects", stopsOn(wire.CloseTooBig)},
		{"4429 stops reconnects", stopsOn(wire.CloseAbuse)},
		{"1013 waits at least two seconds", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.waitState("online")
			start := time.Now()
			p.close(wire.CloseOverloaded, "")
			chat.accept()
			if waited := time.Since(start); waited < 1900*time.Millisecond {
				t.Errorf("reconnected after %v, want at least 2 s", waited)
			}
		}},
		{"a connection that went silent is replaced", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.accept()
			p.silent.Store(true)
			connected := adaConnected()
			connected.PingMs = 400
			p.send(wire.AppendConnected(nil, connected))
			p.sendRoom("global", 0)
			chat.accept()
			p.waitClosed()
			page.Wait(`document.querySelector("#connection-state").dataset.state`, "connecting")
		}},
		{"a dead connection is replaced soon after the event online", reconnectsOn(`dispatchEvent(new Event("online"))`)},
		{"a dead connection is replaced soon after the event offline", reconnectsOn(`dispatchEvent(new Event("offline"))`)},
		{"a dead connection is replaced when the page becomes visible", reconnectsOn(`document.dispatchEvent(new Event("visibilitychange"))`)},
		{"a dead connection is replaced if a message gets no ack", reconnectsOn(`document.querySelector("#composer-input").value = "hello"; document.querySelector("#composer").requestSubmit()`)},
		{"an unavailable server is retried", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(1)
			page.waitState("online")
			chat.refuse.Store(http.StatusServiceUnavailable)
			p.close(wire.CloseInternal, "")
			page.waitState("waiting")
			page.Wait(`document.querySelector("#banner").hidden`, "false")
			chat.refuse.Store(0)
			p = chat.accept()
			p.sendConnected()
			p.sendResumed("", "global", 1, 1)
			page.waitState("online")
		}},
		{"the banner is not redrawn during reconnects", keepsNotice},
		{"degraded shows the server's cause and effects", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			p.send(wire.AppendStatus(nil, &wire.Status{Degraded: true, Cause: "redis does not answer", Since: noon.UnixMilli(), Effects: []string{"a", "b"}}))
			page.waitState("degraded")
			page.Wait(`document.querySelector("#banner [data-cause]").textContent`, "redis does not answer")
			page.Wait(`[...document.querySelectorAll("#banner [data-effects] li")].map((li) => li.textContent).join()`, "a,b")
			p.send(wire.AppendStatus(nil, &wire.Status{}))
			page.waitState("online")
			page.Wait(`document.querySelector("#banner").hidden`, "true")
		}},
	}
}

func resumesRooms(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(3)
	page.waitMessages(numbered(1, 3)...)
	page.joinRoom("side")
	join := p.expect(wire.Join)
	if join.Room != "side" || join.HasSince {
		t.Fatalf("joined %+v", join)
	}
	p.send(wire.AppendJoined(nil, join.ID, "side", wire.Position{Epoch: epoch, Seq: 5}, false, 0))
	p.sendHistory("", "side", 1, 5, false)
	page.waitMessages(numbered(1, 5)...)
	p.close(wire.CloseInternal, "")
	p = chat.accept()
	if q := p.request.URL.Query(); q.Get("room") != "global" || q.Get("epoch") != epoch || q.Get("since") != "3" {
		t.Errorf("resumed with query %v, want room global since seq 3", q)
	}
	p.sendConnected()
	p.sendResumed("", "global", 3, 3)
	join = p.expect(wire.Join)
	if join.Room != "side" || join.Since != (wire.Position{Epoch: epoch, Seq: 5}) {
		t.Errorf("resumed the other room with %+v, want side since seq 5", join)
	}
}

func returnsInSlot(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	page.waitState("online")
	p.send(wire.AppendShutdown(nil, "rolling update", 1200, 1000))
	start := time.Now()
	p.close(wire.CloseGoingAway, "")
	page.waitState("waiting")
	chat.accept()
	if waited := time.Since(start); waited < 1100*time.Millisecond || waited > 4*time.Second {
		t.Errorf("reconnected after %v, want 1.2 s", waited)
	}
}

func stopsOn(code uint16) func(*testing.T, *fakeChat, page) {
	return func(_ *testing.T, chat *fakeChat, page page) {
		p := chat.acceptAda(0)
		page.waitState("online")
		p.close(code, "you were disconnected")
		page.waitState("stopped")
		page.Wait(`document.querySelector("#banner div").textContent`, "you were disconnected")
		page.Click("#banner button")
		chat.accept()
	}
}

// reconnectsOn returns a scene in which the connection is dead and js runs in the page. The page must reconnect long
// before its next ping, which is due after 60 s.
func reconnectsOn(js string) func(*testing.T, *fakeChat, page) {
	return func(_ *testing.T, chat *fakeChat, page page) {
		p := chat.accept()
		p.silent.Store(true)
		connected := adaConnected()
		connected.PingMs = 60_000
		p.send(wire.AppendConnected(nil, connected))
		p.sendRoom("global", 1)
		page.waitMessages("message 1")
		page.Eval(js)
		p.waitClosed()
		chat.accept()
	}
}

func keepsNotice(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	page.waitState("online")
	chat.refuse.Store(http.StatusServiceUnavailable)
	p.close(wire.CloseInternal, "")
	page.waitState("waiting")
	page.Eval(`window.attempts = 0; window.notice = document.querySelector("#banner button"); notice.focus();
		new MutationObserver(() => { window.attempts += document.querySelector("#connection-state").dataset.state === "connecting" ? 1 : 0; }).observe(document.querySelector("#connection-state"), { attributes: true, attributeFilter: ["data-state"] })`)
	page.Wait(`String(attempts > 1)`, "true")
	if got := page.Eval(`String(document.activeElement === notice && !document.querySelector("#banner").hidden)`); got != "true" {
		t.Error("the banner was redrawn or lost the focus")
	}
	chat.refuse.Store(0)
	p = chat.accept()
	p.sendConnected()
	p.sendResumed("", "global", 1, 1)
	page.Wait(`document.querySelector("#banner").hidden`, "true")
}
