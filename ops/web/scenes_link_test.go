package web

import (
	"net/http"
	"testing"
	"time"

	"chatnode/actors/wire"
)

// linkScenes: how a connection ends decides when the next one follows, and where it goes on.
func linkScenes() []scene {
	return []scene{
		{"it resumes each room where it stood", resumesRooms},
		{"after shutdown it returns in its own slot", returnsInSlot},
		{"a resume that was not possible replaces the view", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(3)
			page.shows(numbered(1, 3)...)
			p.end(wire.CloseInternal, "")
			p = chat.accept()
			p.connected()
			p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 9}, false, 0))
			p.history("", "global", 7, 9, false)
			page.shows(numbered(7, 9)...)
		}},
		{"1008 stops", stopsOn(wire.ClosePolicy)},
		{"1009 stops", stopsOn(wire.CloseTooBig)},
		{"4429 stops", stopsOn(wire.CloseAbuse)},
		{"1013 waits at least two seconds", func(t *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			page.state("online")
			start := time.Now()
			p.end(wire.CloseOverloaded, "")
			chat.accept()
			if waited := time.Since(start); waited < 1900*time.Millisecond {
				t.Errorf("came back after %v", waited)
			}
		}},
		{"a connection that went silent is given up", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.accept()
			p.silent.Store(true)
			hello := ada()
			hello.PingMs = 400
			p.send(wire.AppendConnected(nil, hello))
			p.room("global", 0)
			chat.accept()
			p.closed()
			page.Wait(`document.querySelector("#connection-state").dataset.state`, "connecting")
		}},
		{"when the network changes, a connection that is dead is given up at once", wakesBy(`dispatchEvent(new Event("online"))`)},
		{"when the network goes, too", wakesBy(`dispatchEvent(new Event("offline"))`)},
		{"when somebody looks again, too", wakesBy(`document.dispatchEvent(new Event("visibilitychange"))`)},
		{"when a message has no answer, too", wakesBy(`document.querySelector("#composer-input").value = "anybody there?"; document.querySelector("#composer").requestSubmit()`)},
		{"a server that is not there is tried again", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(1)
			page.state("online")
			chat.refuse.Store(http.StatusServiceUnavailable)
			p.end(wire.CloseInternal, "")
			page.state("waiting")
			page.Wait(`document.querySelector("#banner").hidden`, "false")
			chat.refuse.Store(0)
			p = chat.accept()
			p.connected()
			p.resumed("", "global", 1, 1)
			page.state("online")
		}},
		{"the notice stays while it is tried again", keepsNotice},
		{"degraded is explained in the server's words", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			p.send(wire.AppendStatus(nil, &wire.Status{Degraded: true, Cause: "redis does not answer", Since: noon.UnixMilli(), Effects: []string{"a", "b"}}))
			page.state("degraded")
			page.Wait(`document.querySelector("#banner [data-cause]").textContent`, "redis does not answer")
			page.Wait(`[...document.querySelectorAll("#banner [data-effects] li")].map((li) => li.textContent).join()`, "a,b")
			p.send(wire.AppendStatus(nil, &wire.Status{}))
			page.state("online")
			page.Wait(`document.querySelector("#banner").hidden`, "true")
		}},
	}
}

func resumesRooms(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(3)
	page.shows(numbered(1, 3)...)
	page.join("side")
	join := p.expect(wire.Join)
	if join.Room != "side" || join.HasSince {
		t.Fatalf("joined %+v", join)
	}
	p.send(wire.AppendJoined(nil, join.ID, "side", wire.Position{Epoch: epoch, Seq: 5}, false, 0))
	p.history("", "side", 1, 5, false)
	page.shows(numbered(1, 5)...)
	p.end(wire.CloseInternal, "")
	p = chat.accept()
	if q := p.request.URL.Query(); q.Get("room") != "global" || q.Get("epoch") != epoch || q.Get("since") != "3" {
		t.Errorf("resumes by %v", q)
	}
	p.connected()
	p.resumed("", "global", 3, 3)
	join = p.expect(wire.Join)
	if join.Room != "side" || join.Since != (wire.Position{Epoch: epoch, Seq: 5}) {
		t.Errorf("resumes the other room by %+v", join)
	}
}

func returnsInSlot(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	page.state("online")
	p.send(wire.AppendShutdown(nil, "rolling update", 1200, 1000))
	start := time.Now()
	p.end(wire.CloseGoingAway, "")
	page.state("waiting")
	chat.accept()
	if waited := time.Since(start); waited < 1100*time.Millisecond || waited > 4*time.Second {
		t.Errorf("came back after %v, want 1.2 s", waited)
	}
}

func stopsOn(code uint16) func(*testing.T, *fakeChat, page) {
	return func(_ *testing.T, chat *fakeChat, page page) {
		p := chat.greeted(0)
		page.state("online")
		p.end(code, "you were disconnected")
		page.state("stopped")
		page.Wait(`document.querySelector("#banner div").textContent`, "you were disconnected")
		page.Click("#banner button")
		chat.accept()
	}
}

// wakesBy does something to a page whose connection is dead: it comes again long before its next ping, 60 s later, is due.
func wakesBy(js string) func(*testing.T, *fakeChat, page) {
	return func(_ *testing.T, chat *fakeChat, page page) {
		p := chat.accept()
		p.silent.Store(true)
		hello := ada()
		hello.PingMs = 60_000
		p.send(wire.AppendConnected(nil, hello))
		p.room("global", 1)
		page.shows("message 1")
		page.Eval(js)
		p.closed()
		chat.accept()
	}
}

func keepsNotice(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	page.state("online")
	chat.refuse.Store(http.StatusServiceUnavailable)
	p.end(wire.CloseInternal, "")
	page.state("waiting")
	page.Eval(`window.tries = 0; window.notice = document.querySelector("#banner button"); notice.focus();
		new MutationObserver(() => { window.tries += document.querySelector("#connection-state").dataset.state === "connecting" ? 1 : 0; }).observe(document.querySelector("#connection-state"), { attributes: true, attributeFilter: ["data-state"] })`)
	page.Wait(`String(tries > 1)`, "true")
	if got := page.Eval(`String(document.activeElement === notice && !document.querySelector("#banner").hidden)`); got != "true" {
		t.Error("the notice was drawn anew")
	}
	chat.refuse.Store(0)
	p = chat.accept()
	p.connected()
	p.resumed("", "global", 1, 1)
	page.Wait(`document.querySelector("#banner").hidden`, "true")
}
