package node

import (
	"strings"
	"testing"
)

func TestAPIRejectsInvalidRequests(t *testing.T) {
	r := startAPI(t, "MAX_MESSAGE_LENGTH=10")
	const room, message = "/rooms/lobby/messages", `"userId":"bot","userName":"Bot","message":"hi"`
	for _, c := range []struct {
		method, path, body string
		status             int
		code, detail       string
	}{
		{"POST", room, ``, 415, "unsupported_media_type", ""},
		{"POST", room, `{`, 400, "bad_json", ""},
		{"POST", room, `[]`, 400, "bad_json", ""},
		{"POST", room, `null`, 400, "bad_json", ""},
		{"POST", room, `{` + message + `}{}`, 400, "bad_json", ""},
		{"POST", room, "{\"message\":\"\xff\"}", 400, "bad_json", ""},
		{"POST", room, `{` + message + `,"more":1}`, 400, "bad_field", "more"},
		{"POST", room, `{` + message + `,"UserID":"eve"}`, 400, "bad_field", "UserID"},
		{"POST", room, `{` + message + `,"userId":"eve"}`, 400, "bad_field", "userId"},
		{"POST", room, `{"userId":7,"userName":"Bot","message":"hi"}`, 400, "bad_field", "userId"},
		{"POST", room, `{"userName":"Bot","message":"hi"}`, 400, "bad_field", "userId"},
		{"POST", room, `{"userId":"a\u0000b","userName":"Bot","message":"hi"}`, 400, "bad_field", "userId"},
		{"POST", room, `{"userId":"bot","userName":" ","message":"hi"}`, 400, "bad_field", "userName"},
		{"POST", room, `{"userId":"bot","userName":"B\not","message":"hi"}`, 400, "bad_field", "userName"},
		{"POST", room, `{"id":"a b",` + message + `}`, 400, "bad_field", "id"},
		{"POST", room, `{"userId":"bot","userName":"Bot","message":" "}`, 400, "empty_message", ""},
		{"POST", room, `{"userId":"bot","userName":"Bot","message":"12345678901"}`, 400, "message_too_long", ""},
		{"POST", room, `{"userId":"bot","userName":"Bot","message":"\u0000"}`, 400, "bad_text", ""},
		{"POST", room, `{"message":"` + strings.Repeat("x", 20<<10) + `"}`, 413, "too_large", "At most 16504 bytes."},
		{"POST", "/rooms/a%20b/messages", `{` + message + `}`, 400, "bad_room", ""},
		{"GET", room + "?limit=0", ``, 400, "bad_field", "limit"},
		{"GET", room + "?limit=201", ``, 400, "bad_field", "limit"},
		{"GET", room + "?before=x", ``, 400, "bad_field", "before"},
		{"GET", "/rooms/lobby/presence?cursor=%20", ``, 400, "bad_field", "cursor"},
		{"GET", "/sanctions?kind=exile", ``, 400, "bad_field", "kind"},
		{"GET", "/sanctions?cursor=eve", ``, 400, "bad_field", "cursor"},
		{"GET", "/cluster?cursor=eve", ``, 400, "bad_field", "cursor"},
		{"PUT", "/rooms/lobby/slowmode", `{}`, 400, "bad_field", "perUserMs"},
		{"PUT", "/rooms/lobby/slowmode", `{"perUserMs":-1}`, 400, "bad_field", "perUserMs"},
		{"PUT", "/rooms/lobby/slowmode", `{"perUserMs":21600001}`, 400, "bad_field", "perUserMs"},
		{"PUT", "/users/eve/ban", `{}`, 400, "bad_field", "reason"},
		{"PUT", "/users/eve/ban", `{"reason":"` + strings.Repeat("x", 101) + `"}`, 400, "bad_field", "reason"},
		{"PUT", "/users/eve/ban", `{"reason":"x","seconds":0}`, 400, "bad_field", "seconds"},
		{"PUT", "/users/eve/ban", `{"reason":"x","seconds":1.5}`, 400, "bad_field", "seconds"},
		{"PUT", "/users/a%0Ab/ban", `{"reason":"x"}`, 400, "bad_field", "user"},
		{"PATCH", room + "/1-x", `{"message":"hi"}`, 404, "not_found", ""},
		{"GET", "/", ``, 404, "no_such_path", ""},
		{"GET", "/rooms/lobby", ``, 404, "no_such_path", ""},
		{"DELETE", "/cluster", ``, 405, "method_not_allowed", ""},
	} {
		got := r.call(t, c.method, c.path, c.body)
		detail, _ := got.fields["detail"].(string)
		if got.status != c.status || got.fields["code"] != c.code || detail != c.detail {
			t.Errorf("%s %s %.60s: %d %s, want %d %s %s", c.method, c.path, c.body, got.status, got.body, c.status, c.code, c.detail)
		}
		if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s %s: Content-Type %q", c.method, c.path, kind)
		}
	}
}

func TestAPIAllowHeader(t *testing.T) {
	r := startAPI(t)
	if allow := r.want(t, 405, "PUT", "/rooms/lobby/messages", `{}`).header.Get("Allow"); allow != "GET, POST" {
		t.Errorf("Allow: %q", allow)
	}
	r.want(t, 200, "HEAD", "/cluster", "")
}

func TestAPIIdempotencyKeyConflict(t *testing.T) {
	r := startAPI(t)
	got := r.want(t, 400, "POST", "/rooms/lobby/messages", `{"id":"a","userId":"bot","userName":"Bot","message":"hi"}`, "Idempotency-Key", "b")
	if got.fields["code"] != "bad_field" {
		t.Errorf("%s", got.body)
	}
}

func TestAPICluster(t *testing.T) {
	r := startAPI(t)
	for _, room := range []string{"big", "small"} {
		r.join(t, "ann", "member", room)
	}
	r.join(t, "bob", "member", "big")
	var first *reply
	eventually(t, "both rooms have their users", func() bool {
		first = r.want(t, 200, "GET", "/cluster?limit=1", "")
		rooms := first.fields["rooms"].(map[string]any)
		data := rooms["data"].([]any)
		return rooms["total"] == 2.0 && len(data) == 1 && data[0].(map[string]any)["users"] == 2.0
	})
	rooms := first.fields["rooms"].(map[string]any)
	if room := rooms["data"].([]any)[0].(map[string]any); room["room"] != "big" {
		t.Errorf("the largest room is %v, want big", room)
	}
	last := r.want(t, 200, "GET", "/cluster?limit=1&cursor="+rooms["next"].(string), "").fields["rooms"].(map[string]any)
	if room := last["data"].([]any)[0].(map[string]any); room["room"] != "small" || last["next"] != nil {
		t.Errorf("last page: %v", last)
	}
	instances, link := first.fields["instances"].([]any), first.fields["link"].(map[string]any)
	if i := instances[0].(map[string]any); len(instances) != 1 || i["instanceId"] != "node-1" || i["connectedClients"] != 3.0 || i["suspect"] != false || link["mode"] != "ok" {
		t.Errorf("instances %v, link %v", instances, link)
	}
	live := map[string]any{}
	for _, a := range first.fields["actors"].([]any) {
		live[a.(map[string]any)["kind"].(string)] = a.(map[string]any)["live"]
	}
	if live["session"] != 3.0 || live["sanctions"] != 1.0 || live["room"] != 2.0 {
		t.Errorf("running actors: %v", live)
	}
}
