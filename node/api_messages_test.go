package node

import (
	"fmt"
	"testing"
)

func TestAPIMessageLifecycle(t *testing.T) {
	r := startAPI(t)
	ann := r.join(t, "ann", "member", "lobby")
	posted := r.want(t, 201, "POST", "/rooms/lobby/messages", `{"id":"k1","userId":"bot","userName":" Bot ","message":" hello "}`)
	id, _ := posted.fields["messageId"].(string)
	if posted.fields["seq"] != 1.0 || posted.fields["stored"] != "local" || id == "" || posted.fields["duplicate"] != nil {
		t.Fatalf("posted: %s", posted.body)
	}
	if data := ann.await(t, "new_message")["data"].(map[string]any); data["message"] != "hello" || data["userName"] != "Bot" || data["id"] != id {
		t.Errorf("ann received %v", data)
	}
	retry := r.want(t, 201, "POST", "/rooms/lobby/messages", `{"userId":"bot","userName":"Bot","message":"hello"}`, "Idempotency-Key", "k1")
	if retry.fields["messageId"] != id || retry.fields["duplicate"] != true {
		t.Errorf("retry: %s", retry.body)
	}
	r.want(t, 200, "PATCH", "/rooms/lobby/messages/"+id, `{"message":"better"}`)
	if data := ann.await(t, "message_updated")["data"].(map[string]any); data["message"] != "better" || data["userId"] != "bot" {
		t.Errorf("ann received %v", data)
	}
	page := r.want(t, 200, "GET", "/rooms/lobby/messages", "")
	data := page.fields["data"].([]any)
	if m := data[0].(map[string]any); len(data) != 1 || m["message"] != "better" || m["editedAt"] == nil || m["seq"] != 1.0 || page.fields["seq"] != 2.0 {
		t.Errorf("history: %s", page.body)
	}
	r.want(t, 200, "DELETE", "/rooms/lobby/messages/"+id, "")
	if f := ann.await(t, "message_deleted"); f["messageId"] != id {
		t.Errorf("ann received %v", f)
	}
	if gone := r.want(t, 404, "DELETE", "/rooms/lobby/messages/"+id, ""); gone.fields["code"] != "not_found" {
		t.Errorf("deleted twice: %s", gone.body)
	}
	if page = r.want(t, 200, "GET", "/rooms/lobby/messages", ""); len(page.fields["data"].([]any)) != 0 {
		t.Errorf("history after the deletion: %s", page.body)
	}
}

func TestAPIHistoryPages(t *testing.T) {
	r := startAPI(t)
	for i := range 7 {
		r.want(t, 201, "POST", "/rooms/lobby/messages", fmt.Sprintf(`{"userId":"bot","userName":"Bot","message":"m%d"}`, i))
	}
	var got []string
	for before := ""; ; {
		page := r.want(t, 200, "GET", "/rooms/lobby/messages?limit=3"+before, "")
		data := page.fields["data"].([]any)
		for i := range data {
			got = append(got, data[len(data)-1-i].(map[string]any)["message"].(string))
		}
		if page.fields["more"] == false {
			break
		}
		before = fmt.Sprintf("&before=%.0f", data[0].(map[string]any)["seq"])
	}
	if fmt.Sprint(got) != "[m6 m5 m4 m3 m2 m1 m0]" {
		t.Errorf("messages of all pages: %v", got)
	}
}

func TestAPIBulkDeleteRemovesOneUser(t *testing.T) {
	r := startAPI(t)
	ann := r.join(t, "ann", "member", "lobby")
	for _, user := range []string{"bot", "eve", "eve"} {
		r.want(t, 201, "POST", "/rooms/lobby/messages", `{"userId":"`+user+`","userName":"X","message":"m"}`)
	}
	r.want(t, 200, "DELETE", "/rooms/lobby/users/eve/messages", "")
	if f := ann.await(t, "bulk_delete"); f["userId"] != "eve" || f["deletedCount"] != 2.0 {
		t.Errorf("ann received %v", f)
	}
	page := r.want(t, 200, "GET", "/rooms/lobby/messages", "")
	if data := page.fields["data"].([]any); len(data) != 1 || data[0].(map[string]any)["userId"] != "bot" {
		t.Errorf("history: %s", page.body)
	}
}

func TestAPIPresence(t *testing.T) {
	r := startAPI(t)
	r.join(t, "ann", "member", "lobby")
	r.join(t, "bob", "admin", "lobby")
	r.join(t, "bob", "admin", "lobby")
	eventually(t, "both users are present", func() bool {
		counts := r.want(t, 200, "GET", "/rooms/lobby/presence", "").fields["counts"].(map[string]any)
		return counts["members"] == 1.0 && counts["admins"] == 1.0
	})
	first := r.want(t, 200, "GET", "/rooms/lobby/presence?limit=1", "")
	user := first.fields["users"].([]any)[0].(map[string]any)
	if user["userId"] != "ann" || user["userName"] != "ann" || user["role"] != "member" || first.fields["exact"] != true {
		t.Errorf("first page: %s", first.body)
	}
	last := r.want(t, 200, "GET", "/rooms/lobby/presence?limit=1&cursor="+first.fields["next"].(string), "")
	if user := last.fields["users"].([]any)[0].(map[string]any); user["userId"] != "bob" || last.fields["next"] != nil {
		t.Errorf("last page: %s", last.body)
	}
}
