package node

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

func TestBanTurnsOutAndKeepsOutAcrossRestarts(t *testing.T) {
	dir := t.TempDir()
	r := startAPI(t, "DATA_DIR="+dir)
	eve, other, ann := r.join(t, "eve", "member", "lobby"), r.join(t, "eve", "member", "den"), r.join(t, "ann", "member", "lobby")
	ban := r.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"spam"}`)
	if ban.fields["kind"] != "ban" || ban.fields["userId"] != "eve" || ban.fields["by"] != apiKeyUser || ban.fields["until"] != nil {
		t.Errorf("ban: %s", ban.body)
	}
	for _, s := range []*apiSocket{eve, other} {
		if code, reason := s.awaitClose(t); code != 1008 || reason != "banned: spam" {
			t.Errorf("closed with %d %q", code, reason)
		}
	}
	r.refused(t, "eve", "banned: spam")
	r.stop()

	r = startAPI(t, "DATA_DIR="+dir)
	eventually(t, "the restarted node knows the ban", func() bool { _, banned := r.core.Banned("eve"); return banned })
	r.refused(t, "eve", "banned: spam")
	r.want(t, 204, "DELETE", "/users/eve/ban", "")
	r.join(t, "eve", "member", "lobby")
	if gone := r.want(t, 404, "DELETE", "/users/eve/ban", ""); gone.fields["code"] != "not_found" {
		t.Errorf("lifted twice: %s", gone.body)
	}
	if code, _ := ann.awaitClose(t); code != 1001 {
		t.Errorf("ann was closed with %d by the first node's shutdown", code)
	}
}

// refused expects that a user may not connect.
func (r *apiRig) refused(t *testing.T, user, detail string) {
	t.Helper()
	_, res, err := r.dial(t, user, "member", "lobby")
	if err == nil {
		t.Fatalf("%s came in", user)
	}
	defer res.Body.Close()
	var p struct{ Code, Detail string }
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil || res.StatusCode != http.StatusForbidden || p.Code != "banned" || p.Detail != detail {
		t.Errorf("refused with %d %+v (%v)", res.StatusCode, p, err)
	}
}

func TestBanEndsByItself(t *testing.T) {
	r := startAPI(t)
	begun := time.Now()
	ban := r.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"calm down","seconds":1}`)
	if ban.fields["until"].(float64)-ban.fields["since"].(float64) != 1000 {
		t.Errorf("ban: %s", ban.body)
	}
	r.refused(t, "eve", "banned: calm down")
	eventually(t, "the ban has ended", func() bool { _, banned := r.core.Banned("eve"); return !banned })
	if d := time.Since(begun); d < 990*time.Millisecond || d > 3*time.Second {
		t.Errorf("it held for %v", d)
	}
	r.join(t, "eve", "member", "lobby")
}

func TestMutedUsersReadAndDoNotWrite(t *testing.T) {
	r := startAPI(t)
	eve := r.join(t, "eve", "member", "lobby")
	eve.send(t, `{"type":"send_message","id":"1","message":"before"}`)
	id, _ := eve.await(t, "ack")["messageId"].(string)
	r.want(t, 200, "PUT", "/users/eve/mute", `{"reason":"noise"}`)
	for _, command := range []string{`{"type":"send_message","id":"2","message":"x"}`, `{"type":"edit_message","id":"3","messageId":"` + id + `","message":"x"}`} {
		eve.send(t, command)
		if f := eve.await(t, "error", "ack"); f["code"] != "muted" {
			t.Errorf("%s: %v", command, f)
		}
	}
	r.want(t, 201, "POST", "/rooms/lobby/messages", `{"userId":"bot","userName":"Bot","message":"psst"}`)
	if f := eve.await(t, "new_message"); f["data"].(map[string]any)["message"] != "psst" {
		t.Errorf("eve got %v", f)
	}
	r.want(t, 204, "DELETE", "/users/eve/mute", "")
	eve.send(t, `{"type":"send_message","id":"4","message":"after"}`)
	eve.await(t, "ack")
}

func TestSlowModeHoldsAUserBackOnAllSockets(t *testing.T) {
	r := startAPI(t)
	eve, tab, root := r.join(t, "eve", "member", "lobby"), r.join(t, "eve", "member", "lobby"), r.join(t, "root", "admin", "lobby")
	eve.send(t, `{"type":"send_message","id":"1","message":"one"}`)
	eve.await(t, "ack")
	r.want(t, 200, "PUT", "/rooms/lobby/slowmode", `{"perUserMs":3600000}`)
	tab.send(t, `{"type":"send_message","id":"2","message":"two"}`)
	f := tab.await(t, "throttled", "ack")
	if wait, _ := f["retryAfterMs"].(float64); f["id"] != "2" || f["windowMs"] != 3600000.0 || f["limit"] != 1.0 || f["roomId"] != "lobby" || wait < 3500000 || wait > 3600000 {
		t.Errorf("the second message, written before the mode was on: %v", f)
	}
	eve.send(t, `{"type":"send_message","id":"1","message":"one"}`)
	if f := eve.await(t, "throttled", "ack"); f["duplicate"] != true {
		t.Errorf("the first message tried again: %v", f)
	}
	for i, s := range []*apiSocket{root, root} {
		s.send(t, `{"type":"send_message","message":"admins may"}`)
		if f := s.await(t, "throttled", "ack"); f["type"] != "ack" {
			t.Errorf("admin's message %d: %v", i, f)
		}
	}
	r.want(t, 200, "PUT", "/rooms/lobby/slowmode", `{"perUserMs":0}`)
	tab.send(t, `{"type":"send_message","id":"3","message":"three"}`)
	if f := tab.await(t, "throttled", "ack"); f["type"] != "ack" {
		t.Errorf("after the end of the mode: %v", f)
	}
}

func TestSanctionsAreListed(t *testing.T) {
	r := startAPI(t)
	r.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"spam"}`)
	r.want(t, 200, "PUT", "/users/bob/mute", `{"reason":"noise","seconds":60}`)
	r.want(t, 200, "PUT", "/rooms/lobby/slowmode", `{"perUserMs":1000}`)
	var got []string
	for cursor := ""; ; {
		page := r.want(t, 200, "GET", "/sanctions?limit=1"+cursor, "")
		s := page.fields["data"].([]any)[0].(map[string]any)
		got = append(got, s["kind"].(string))
		if page.fields["next"] == nil {
			break
		}
		cursor = "&cursor=" + page.fields["next"].(string)
	}
	if len(got) != 3 || got[0] != "ban" || got[1] != "mute" || got[2] != "slow" {
		t.Errorf("pages hold %v", got)
	}
}

func TestDisconnectClosesEverySocketOfTheUser(t *testing.T) {
	r := startAPI(t)
	eve, tab, ann := r.join(t, "eve", "member", "lobby"), r.join(t, "eve", "member", "den"), r.join(t, "ann", "member", "lobby")
	r.want(t, 204, "POST", "/users/eve/disconnect", `{"reason":"please sign in again"}`)
	for _, s := range []*apiSocket{eve, tab} {
		if code, reason := s.awaitClose(t); code != 1008 || reason != "please sign in again" {
			t.Errorf("closed with %d %q", code, reason)
		}
	}
	ann.send(t, `{"type":"ping"}`)
	ann.await(t, "pong")
	r.join(t, "eve", "member", "lobby")
}
