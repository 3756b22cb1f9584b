package layout

import (
	"strings"
	"testing"

	"chatnode/actors/chat"
)

// Each kind of entry occurs in the sources that neither the compiler nor a linter checks for it: scripts, and switches
// over the type of a frame.
func TestEveryKindIsHandled(t *testing.T) {
	for _, c := range []struct {
		file string
		want func(k chat.EntryKind) string
	}{
		{"transport/web/static/chat-client.js", func(k chat.EntryKind) string { return `{ type: "` + k.Command().String() + `",` }},
		{"transport/web/static/client/session.js", frameHandler},
		{"transport/web/static/client/room-log.js", chat.EntryKind.Frame},
		{"ops/web/room_log_model_test.go", frameString},
		{"ops/e2e/client/view.go", frameString},
		{"ops/loadtest/frame/frame.go", frameString},
		{"ops/loadtest/k6.js", frameHandler},
		{"actors/simulation/view_test.go", frameString},
		{"actors/simulation/client_test.go", func(k chat.EntryKind) string { return "wire." + goName(k.Command().String()) }},
		{"ops/docs/PROTOCOL.md", func(k chat.EntryKind) string { return "`" + k.Frame() + "`" }},
	} {
		text := read(t, root+"/"+c.file)
		for k := range chat.EntryKinds() {
			if want := c.want(k); !strings.Contains(text, want) {
				t.Errorf("kind %d: %s does not contain %s", k, c.file, want)
			}
		}
	}
	audited := read(t, root+"/node/api_audit_test.go")
	for k := range chat.EntryKinds() {
		if name := k.AuditName(); name != "" && !strings.Contains(audited, `{"`+name+`", `) {
			t.Errorf("kind %d: TestEveryActionIsAudited does not contain %s", k, name)
		}
	}
}

func frameString(k chat.EntryKind) string { return `"` + k.Frame() + `"` }

// frameHandler returns the begin of a handler in an object of handlers by type.
func frameHandler(k chat.EntryKind) string { return " " + k.Frame() + ": (frame) => " }

// goName converts bulk_delete to BulkDelete.
func goName(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}
