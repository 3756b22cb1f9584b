package node

import (
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

func TestAPIAccess(t *testing.T) {
	r := startAPI(t)
	key := "Bearer " + adminKey
	cookie := "chat_session=" + token(t, "admin")
	ownOrigin := "http://" + r.url
	for _, c := range []struct {
		name    string
		method  string
		headers []string
		status  int
		code    string
	}{
		{"no credentials", "GET", []string{"Authorization", ""}, 401, "unauthorized"},
		{"wrong key", "GET", []string{"Authorization", key + "x"}, 401, "bad_credentials"},
		{"key with another scheme", "GET", []string{"Authorization", "Basic " + adminKey}, 401, "unauthorized"},
		{"key", "GET", []string{"Authorization", key}, 200, ""},
		{"member", "GET", []string{"Authorization", "Bearer " + token(t, "member")}, 403, "forbidden"},
		{"admin", "PUT", []string{"Authorization", "Bearer " + token(t, "admin")}, 200, ""},
		{"admin cookie, read", "GET", []string{"Authorization", "", "Cookie", cookie}, 200, ""},
		{"admin cookie without an origin", "PUT", []string{"Authorization", "", "Cookie", cookie}, 403, "bad_origin"},
		{"admin cookie, same Origin", "PUT", []string{"Authorization", "", "Cookie", cookie, "Origin", ownOrigin}, 200, ""},
		{"admin cookie, Sec-Fetch-Site same-origin", "PUT", []string{"Authorization", "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin"}, 200, ""},
		{"admin cookie, other Origin", "PUT", []string{"Authorization", "", "Cookie", cookie, "Origin", "https://evil.example"}, 403, "bad_origin"},
		{"admin cookie, Sec-Fetch-Site same-site", "PUT", []string{"Authorization", "", "Cookie", cookie, "Sec-Fetch-Site", "same-site"}, 403, "bad_origin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, body := "/rooms/lobby/messages", ""
			if c.method == http.MethodPut {
				path, body = "/rooms/lobby/slowmode", `{"perUserMs":0}`
			}
			got := r.want(t, c.status, c.method, path, body, c.headers...)
			if code, _ := got.fields["code"].(string); code != c.code {
				t.Errorf("code %q, want %q", code, c.code)
			}
			if challenge := got.header.Get("WWW-Authenticate"); (challenge == "Bearer") != (c.status == 401) {
				t.Errorf("WWW-Authenticate %q", challenge)
			}
		})
	}
}

func TestAPIWithoutKeyConfigured(t *testing.T) {
	r := startAPI(t, "ADMIN_API_KEY=", "AUTH_JWT_SECRET=")
	r.want(t, 401, "GET", "/cluster", "", "Authorization", "Bearer ")
	r.want(t, 401, "GET", "/cluster", "", "Authorization", "Bearer "+adminKey)
}

func TestBannedAdminHasNoAccess(t *testing.T) {
	r := startAPI(t)
	r.want(t, 200, "GET", "/cluster", "", "Authorization", "Bearer "+token(t, "admin"))
	r.want(t, 200, "PUT", "/users/u-admin/ban", `{"reason":"rogue"}`)
	r.want(t, 403, "GET", "/cluster", "", "Authorization", "Bearer "+token(t, "admin"))
	for _, path := range []string{"/metrics", "/status/data"} {
		if status, _ := r.ask(t, "GET", path, "Authorization", "Bearer "+token(t, "admin")); status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", path, status)
		}
	}
}

func TestModerationIsAudited(t *testing.T) {
	r := startAPI(t)
	root := r.join(t, "root", "admin", "lobby")
	posted := r.want(t, 201, "POST", "/rooms/lobby/messages", `{"userId":"bot","userName":"Bot","message":"the secret text"}`)
	id := posted.fields["messageId"].(string)
	admin := "Bearer " + token(t, "admin")
	r.want(t, 200, "PATCH", "/rooms/lobby/messages/"+id, `{"message":"another secret text"}`)
	r.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"spam"}`, "Authorization", admin)
	r.want(t, 404, "DELETE", "/users/eve/mute", "", "Authorization", admin)
	r.want(t, 200, "PUT", "/rooms/lobby/slowmode", `{"perUserMs":1}`)
	root.send(t, `{"type":"bulk_delete","id":"b","userId":"bot"}`)
	root.await(t, "ack")
	for _, want := range []map[string]any{
		{"act": "edit_message", "by": "@key", "via": "key", "room": "lobby", "target": id, "result": "ok"},
		{"act": "ban", "by": "u-admin", "via": "session", "target": "eve", "reason": "spam", "result": "ok"},
		{"act": "unmute", "by": "u-admin", "via": "session", "target": "eve", "result": "not_found"},
		{"act": "slow_mode", "by": "@key", "via": "key", "room": "lobby", "result": "ok"},
		{"act": "bulk_delete", "by": "root", "via": "socket", "room": "lobby", "target": "bot", "result": "ok"},
	} {
		want["audit"], want["level"] = true, "info"
		if n := len(r.logs.lines(want)); n != 1 {
			t.Errorf("%d lines with %v, want 1", n, want)
		}
	}
	if n := len(r.logs.lines(map[string]any{"audit": true})); n != 5 {
		t.Errorf("%d audit lines, want 5: posting a message is not audited", n)
	}
	r.logs.mu.Lock()
	defer r.logs.mu.Unlock()
	for _, secret := range []string{"secret text", adminKey, tokenSecret} {
		if strings.Contains(r.logs.text.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}
}

func TestForgedTokenIsRejected(t *testing.T) {
	r := startAPI(t)
	forged, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "x", "role": "admin"}).SignedString([]byte("another secret of at least 32 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	r.want(t, 401, "GET", "/cluster", "", "Authorization", "Bearer "+forged)
}
