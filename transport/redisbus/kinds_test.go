package redisbus

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chatnode/actors/chat"
)

// append.lua documents, counts and writes each kind. Messages are written in the main loop, other kinds by a function.
func TestAppendScriptKnowsEveryKind(t *testing.T) {
	text, err := luaFiles.ReadFile("lua/append.lua")
	if err != nil {
		t.Fatal(err)
	}
	script := string(text)
	arity := regexp.MustCompile(`arity = \{}, (\{.*\})`).FindString(script)
	for k := range chat.EntryKinds() {
		code := k.Code()
		args, err := appendWrite(nil, &chat.Write{Kind: k, ID: "0-a-1", Target: "0-a-0", UserID: "u"}, idIndex{})
		if err != nil {
			t.Errorf("kind %d: %v", k, err)
		}
		for _, want := range []string{
			"\n--   '" + code + "' id key ",
			"'k', '" + code + "', 'i', id",
			"'" + k.Frame() + "'",
		} {
			if !strings.Contains(script, want) {
				t.Errorf("kind %d: append.lua does not contain %q", k, want)
			}
		}
		if want := " " + code + " = " + strconv.Itoa(len(args)-len([]string{"code", "id", "key"})); !strings.Contains(arity, want) {
			t.Errorf("kind %d: table arity in append.lua does not contain %q: %s", k, want, arity)
		}
		if k != chat.EntryMessage && !strings.Contains(script, "function write."+code+"(") {
			t.Errorf("kind %d: append.lua has no function write.%s", k, code)
		}
	}
}

// An envelope and a stream entry of each kind decode to an entry of this kind.
func TestEveryKindIsDecoded(t *testing.T) {
	const data = `"messageId":"0-a-0","userId":"u","createdAt":1,"editedAt":2,"message":"text","deletedCount":1`
	for k := range chat.EntryKinds() {
		event, err := testDecoder.decode(broadcastChannel, `{"v":1,"type":"`+k.Frame()+`","instanceId":"api-2","incarnation":"i",`+
			`"timestamp":5,"room":"global","epoch":"e","seq":3,"id":"0-a-1","data":{`+data+`}}`)
		if d, ok := event.(*chat.Delivered); !ok || d.Entry.Kind != k {
			t.Errorf("kind %d: envelope decodes to %+v, error %v", k, event, err)
		}
		stored := streamEntry{
			kind: k.Code(), id: "0-a-1", at: 5, author: `"userId":"u"`, text: `"text"`,
			target: "0-a-0", targetSeq: 1, user: `"u"`, count: 1,
		}
		edited := revisions{1: "e:{" + data + "}"}
		if e, err := edited.entry(3, &stored); err != nil || e.Kind != k {
			t.Errorf("kind %d: stream entry decodes to %+v, error %v", k, e, err)
		}
	}
}
