package node

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"chatnode/transport/auth"
)

// TestEveryActLeavesALine carries out every act of moderation there is, by the API and by a socket.
func TestEveryActLeavesALine(t *testing.T) {
	r := startAPI(t)
	root, eve := r.join(t, "root", "admin", "lobby"), r.join(t, "eve", "member", "lobby")
	ids := [3]string{}
	for i := range ids {
		eve.send(t, `{"type":"send_message","message":"of eve's"}`)
		ids[i], _ = eve.await(t, "ack")["messageId"].(string)
	}
	acts := []string{}
	for _, a := range []struct{ act, target, method, path, body string }{
		{"edit_message", ids[0], "PATCH", "/rooms/lobby/messages/" + ids[0], `{"message":"x"}`},
		{"delete_message", ids[1], "DELETE", "/rooms/lobby/messages/" + ids[1], ""},
		{"bulk_delete", "bot", "DELETE", "/rooms/lobby/users/bot/messages", ""},
		{"slow_mode", "", "PUT", "/rooms/lobby/slowmode", `{"perUserMs":0}`},
		{"mute", "u1", "PUT", "/users/u1/mute", `{"reason":"r"}`},
		{"unmute", "u1", "DELETE", "/users/u1/mute", ""},
		{"ban", "u2", "PUT", "/users/u2/ban", `{"reason":"r"}`},
		{"unban", "u2", "DELETE", "/users/u2/ban", ""},
		{"disconnect", "u3", "POST", "/users/u3/disconnect", `{"reason":"r"}`},
	} {
		if got := r.call(t, a.method, a.path, a.body); got.status >= 300 {
			t.Errorf("%s: %d %s", a.act, got.status, got.body)
		}
		r.wantAudited(t, a.act, "key", apiKeyUser, a.target)
		acts = append(acts, a.act)
	}
	for _, a := range []struct{ act, target, fields string }{
		{"edit_message", ids[0], `"messageId":"` + ids[0] + `","message":"y"`},
		{"delete_message", ids[2], `"messageId":"` + ids[2] + `"`},
		{"bulk_delete", "eve", `"userId":"eve"`},
	} {
		root.send(t, `{"type":"`+a.act+`","id":"`+a.act+`",`+a.fields+`}`)
		root.await(t, "ack")
		r.wantAudited(t, a.act, "socket", "root", a.target)
	}
	for _, route := range apiRoutes() {
		changes := route.method != http.MethodGet && !(route.method == http.MethodPost && strings.HasSuffix(route.path, "/messages"))
		if changes && !slices.Contains(acts, route.act) {
			t.Errorf("%s %s is audited as %q, which this test does not know", route.method, route.path, route.act)
		}
	}
}

// wantAudited fails unless there is one line of this act.
func (r *apiRig) wantAudited(t *testing.T, act, via, by, target string) {
	t.Helper()
	want := map[string]any{"audit": true, "level": "info", "act": act, "via": via, "by": by, "result": "ok"}
	if target != "" {
		want["target"] = target
	}
	if n := len(r.logs.lines(want)); n != 1 {
		t.Errorf("%d lines with %v", n, want)
	}
}

// TestNoSecretIsLogged: wherever a token stands, good or bad, and at every level (the rig's log holds
// nothing back), no line has it; nor the words of a message, a guest's cookie or the password of Redis.
func TestNoSecretIsLogged(t *testing.T) {
	const password = "the-password-of-redis"
	r := startAPI(t)
	lost := startAPI(t, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=redis://chat:"+password+"@127.0.0.1:1", "INSTANCE_ID=node-2")
	good, bad := token(t, "member"), "a.bad.token-of-somebody"
	old, err := auth.Mint(tokenSecret, auth.Subject{UserID: "u", Role: "member"}, time.Now().Add(-time.Hour), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	const guest = "AAECAwQFBgcICQoLDA0ODw"
	for _, secret := range []string{good, bad, old} {
		for _, node := range []*apiRig{r, lost} {
			node.knock(t, "?token="+secret, nil)
			node.knock(t, "?room=%zz&token="+secret, nil)
			node.knock(t, "", http.Header{"Authorization": {"Bearer " + secret}})
			node.knock(t, "", http.Header{"Cookie": {"chat_guest=" + guest + "; chat_session=" + secret}})
			node.knock(t, "", http.Header{"Sec-Websocket-Protocol": {"bearer." + secret}})
			node.call(t, "GET", "/cluster?token="+secret, "", "Authorization", "")
			node.call(t, "PUT", "/users/u/ban", `{"reason":"r"}`, "Authorization", "Bearer "+secret)
		}
	}
	eve := r.join(t, "eve", "member", "lobby")
	eve.send(t, `{"type":"auth","id":"1","token":"`+old+`"}`)
	eve.send(t, `{"type":"send_message","id":"2","message":"words-of-eve"}`)
	eve.send(t, `{"type":"send_message","id":3,"message":"words-of-eve"}`) // malformed
	eve.await(t, "ack")
	eventually(t, "the other node says that Redis is lost", func() bool { return lost.core.Status().Cause != "" })
	r.stop()
	lost.stop()
	for _, node := range []*apiRig{r, lost} {
		log := node.logs.text.String()
		if !strings.Contains(log, `"code":"unauthorized"`) || !strings.Contains(log, `"code":"bad_query"`) {
			t.Errorf("the log does not tell of refusals at debug:\n%s", log)
		}
		for _, secret := range []string{good, bad, old, guest, password, "words-of-eve", tokenSecret, adminKey} {
			if strings.Contains(log, secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	}
}

// knock connects with these credentials, and hangs up again where it is let in.
func (r *apiRig) knock(t *testing.T, query string, header http.Header) {
	t.Helper()
	conn, res, err := gws.NewClient(gws.BuiltinEventHandler{}, &gws.ClientOption{Addr: "ws://" + r.url + "/chat" + query, RequestHeader: header})
	if err == nil {
		_ = conn.NetConn().Close() // it has done what it was for
	} else if res == nil {
		t.Fatalf("no answer to %s: %v", query, err)
	} else {
		_ = res.Body.Close()
	}
}
