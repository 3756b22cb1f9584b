package redisbus_test

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// TestRoomWithInvalidEntriesIsReadable: a page of a stream with invalid entries has entries without text for them.
func TestRoomWithInvalidEntriesIsReadable(t *testing.T) {
	server := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, server.URL(), "api-1"))
	must(p.appender.Append(ctx(t), []chat.Write{message("den", "0-first")}))(t, "append")
	for i, fields := range [][]any{
		{"k", "m", "i", "x", "c", "no number", "a", `"userId":"u"`, "t", `"hi"`},
		{"k", "m", "i", "x", "c", "1", "a", `"userId":`, "t", `"hi"`},
		{"k", "b", "i", "x", "c", "1", "u", "no string", "n", "1"},
		{"foo", "bar"},
	} {
		server.Do(t, append([]any{"XADD", "chat:log:den", []string{"2-0", "3-0", "4-0", "5-0"}[i]}, fields...)...)
	}
	server.Do(t, "HSET", "chat:meta:den", "seq", 5)
	must(p.appender.Append(ctx(t), []chat.Write{message("den", "5-last")}))(t, "append after them")
	page := must(p.store.Range(ctx(t), chat.Query{Room: "den", Limit: 10}))(t, "read the room")
	if len(page.Entries) != 6 {
		t.Fatalf("%d entries, want 6: %+v", len(page.Entries), page.Entries)
	}
	for i, e := range page.Entries {
		if valid := i == 0 || i == 5; e.Seq != uint64(i+1) || (e.Kind == chat.EntryMessage) != valid ||
			(e.Message.Text != "") != valid {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
}
