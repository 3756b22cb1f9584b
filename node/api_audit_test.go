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

// TestEveryActionIsAudited takes all moderation actions, through the API and a WebSocket connection.
func TestEveryActionIsAudited(t *testing.T) {
	r := startAPI(t)
	root, eve := r.join(t, "root", "admin", "lobby"), r.join(t, "eve", "member", "lobby")
	ids := [3]string{}
	for i := range ids {
		eve.send(t, `{"type":"send_message","message":"by eve"}`)
		ids[i], _ = eve.await(t, "ack")["messageId"].(string)
	}
	actions := []string{}
	for _, a := range []struct{ action, target, method, path, body string }{
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
			t.Errorf("%s: status %d, %s", a.action, got.status, got.body)
		}
		r.wantAudited(t, a.action, "key", apiKeyUser, a.target)
		actions = append(actions, a.action)
	}
	for _, a := range []struct{ action, target, fields string }{
		{"edit_message", ids[0], `"messageId":"` + ids[0] + `","message":"y"`},
		{"delete_message", ids[2], `"messageId":"` + ids[2] + `"`},
		{"bulk_delete", "eve", `"userId":"eve"`},
	} {
		root.send(t, `{"type":"`+a.action+`","id":"`+a.action+`",`+a.fields+`}`)
		root.await(t, "ack")
		r.wantAudited(t, a.action, "socket", "root", a.target)
	}
	for _, route := range apiRoutes() {
		changes := route.method != http.MethodGet && !(route.method == http.MethodPost && strings.HasSuffix(route.path, "/messages"))
		if changes && !slices.Contains(actions, route.action) {
			t.Errorf("%s %s is audited as %q, which this test does not cover", route.method, route.path, route.action)
		}
	}
}

// wantAudited fails unless the log has exactly one line with this action.
func (r *apiRig) wantAudited(t *testing.T, action, via, by, target string) {
	t.Helper()
	want := map[string]any{"audit": true, "level": "info", "act": action, "via": via, "by": by, "result": "ok"}
	if target != "" {
		want["target"] = target
	}
	if n := len(r.logs.lines(want)); n != 1 {
		t.Errorf("%d lines with %v, want 1", n, want)
	}
}

// TestNoSecretIsLogged sends valid and invalid tokens in all places of a request. The log of the rig has all levels.
// It must contain no token, text of a message, cookie of a guest, or password of Redis.
func TestNoSecretIsLogged(t *testing.T) {
	const password = "the-password-of-redis"
	r := startAPI(t)
	offline := startAPI(t, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=redis://chat:"+password+"@127.0.0.1:1", "INSTANCE_ID=node-2")
	valid, invalid := token(t, "member"), "an.invalid.token"
	expired, err := auth.Mint(tokenSecret, auth.Subject{UserID: "u", Role: "member"}, time.Now().Add(-time.Hour), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	const guest = "AAECAwQFBgcICQoLDA0ODw"
	for _, secret := range []string{valid, invalid, expired} {
		for _, node := range []*apiRig{r, offline} {
			node.tryConnect(t, "?token="+secret, nil)
			node.tryConnect(t, "?room=%zz&token="+secret, nil)
			node.tryConnect(t, "", http.Header{"Authorization": {"Bearer " + secret}})
			node.tryConnect(t, "", http.Header{"Cookie": {"chat_guest=" + guest + "; chat_session=" + secret}})
			node.tryConnect(t, "", http.Header{"Sec-Websocket-Protocol": {"bearer." + secret}})
			node.call(t, "GET", "/cluster?token="+secret, "", "Authorization", "")
			node.call(t, "PUT", "/users/u/ban", `{"reason":"r"}`, "Authorization", "Bearer "+secret)
		}
	}
	eve := r.join(t, "eve", "member", "lobby")
	eve.send(t, `{"type":"auth","id":"1","token":"`+expired+`"}`)
	eve.send(t, `{"type":"send_message","id":"2","message":"words-of-eve"}`)
	eve.send(t, `{"type":"send_message","id":3,"message":"words-of-eve"}`) // malformed
	eve.await(t, "ack")
	eventually(t, "the other node reports that Redis is unavailable", func() bool { return offline.core.Status().Cause != "" })
	r.stop()
	offline.stop()
	for _, node := range []*apiRig{r, offline} {
		log := node.logs.text.String()
		if !strings.Contains(log, `"code":"unauthorized"`) || !strings.Contains(log, `"code":"bad_query"`) {
			t.Errorf("the log has no debug lines for rejected requests:\n%s", log)
		}
		for _, secret := range []string{valid, invalid, expired, guest, password, "words-of-eve", tokenSecret, adminKey} {
			if strings.Contains(log, secret) {
				t.Errorf("the log contains %q", secret)
			}
		}
	}
}

// tryConnect connects with these credentials, and disconnects if the node accepts them.
func (r *apiRig) tryConnect(t *testing.T, query string, header http.Header) {
	t.Helper()
	conn, res, err := gws.NewClient(gws.BuiltinEventHandler{}, &gws.ClientOption{Addr: "ws://" + r.url + "/chat" + query, RequestHeader: header})
	if err == nil {
		_ = conn.NetConn().Close() // only the log is checked
	} else if res == nil {
		t.Fatalf("no response to %s: %v", query, err)
	} else {
		_ = res.Body.Close()
	}
}
