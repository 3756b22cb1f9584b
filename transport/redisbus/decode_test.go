package redisbus

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var testDecoder = decoder{instance: "api-1", incarnation: "me", maxBytes: 1000}

const broadcastChannel, presenceChannel, controlChannel, probeChannel = "chat:pubsub:global:broadcast", "chat:pubsub:global:presence", "chat:pubsub:global:control", "chat:pubsub:probe:api-1"

// envelopeJSON returns an envelope with default members, except those in change.
func envelopeJSON(change map[string]any) string {
	m := map[string]any{
		"v": 1, "type": "new_message", "instanceId": "api-2", "incarnation": "me", "timestamp": 5, "room": "global", "epoch": "e", "seq": 3, "id": "0-a-1",
		"data": map[string]any{"userId": "u", "userName": "U", "userAvatar": "", "createdAt": 5, "message": "hi"},
	}
	for k, v := range change {
		m[k] = v
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestDecodeDrops(t *testing.T) {
	data := func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	for _, c := range []struct {
		channel string
		text    string
		want    Reason
	}{
		{broadcastChannel, strings.Repeat("x", 1001), TooLarge},
		{broadcastChannel, "", Malformed},
		{broadcastChannel, "[]", Malformed},
		{broadcastChannel, envelopeJSON(data("seq", "3")), Malformed},
		{broadcastChannel, envelopeJSON(data("seq", -3)), Malformed},
		{broadcastChannel, envelopeJSON(data("room", 5)), Malformed},
		{broadcastChannel, envelopeJSON(data("data", "text")), Malformed},
		{broadcastChannel, envelopeJSON(data("v", 2)), BadVersion},
		{broadcastChannel, envelopeJSON(data("type", "other")), BadType},
		{broadcastChannel, envelopeJSON(data("type", "presence")), BadType},
		{presenceChannel, envelopeJSON(nil), BadType},
		{controlChannel, envelopeJSON(nil), BadType},
		{broadcastChannel, envelopeJSON(data("instanceId", "a b")), BadInstance},
		{broadcastChannel, envelopeJSON(data("instanceId", strings.Repeat("a", 65))), BadInstance},
		{broadcastChannel, envelopeJSON(data("incarnation", "")), BadInstance},
		{broadcastChannel, envelopeJSON(data("room", "other")), BadRoom},
		{presenceChannel, envelopeJSON(data("type", "typing", "room", "other")), BadRoom},
		{controlChannel, envelopeJSON(data("type", "control", "data", data("op", "x"))), BadRoom},
		{broadcastChannel, envelopeJSON(data("seq", 0)), BadPosition},
		{broadcastChannel, envelopeJSON(data("epoch", "")), BadPosition},
		{broadcastChannel, envelopeJSON(data("id", "a\"b")), BadPosition},
		{broadcastChannel, envelopeJSON(data("timestamp", 0)), BadPosition},
		{broadcastChannel, envelopeJSON(data("data", data())), BadData},
		{broadcastChannel, envelopeJSON(data("type", "message_deleted", "data", data())), BadData},
		{broadcastChannel, envelopeJSON(data("type", "bulk_delete", "data", data("userId", "u", "deletedCount", -1))), BadData},
		{presenceChannel, envelopeJSON(data("type", "presence", "data", data("guests", -1))), BadData},
		{presenceChannel, envelopeJSON(data("type", "typing", "data", data())), BadData},
		{presenceChannel, envelopeJSON(data("type", "names_wanted", "data", data("who", []string{}))), BadData},
		{presenceChannel, envelopeJSON(data("type", "names_wanted", "data", data("who", []string{"a", "b\x00"}))), BadData},
		{presenceChannel, envelopeJSON(data("type", "names", "data", data("users", []any{data("userName", "nobody")}))), BadData},
		{broadcastChannel, envelopeJSON(data("type", "names")), BadType},
		{probeChannel, envelopeJSON(data("type", "probe", "room", "", "incarnation", "twin")), Foreign},
		{"chat:pubsub:global:other", envelopeJSON(nil), BadChannel},
		{"elsewhere", envelopeJSON(nil), BadChannel},
	} {
		event, err := testDecoder.decode(c.channel, c.text)
		if err == nil || reasonOf(err) != c.want {
			t.Errorf("%s %s: %+v, %v, want reason %s", c.channel, c.text, event, err, c.want)
		}
	}
}

// TestSignalsRoundTrip: decode returns the encoded signal for any texts, names and ids.
func TestSignalsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		d := decoder{keys: keys{cluster: rapid.Bool().Draw(t, "cluster")}, instance: "api-1", incarnation: "me", maxBytes: 1 << 20}
		room := rapid.StringMatching(`[a-z0-9_-]{1,20}`).Draw(t, "room")
		sent := rapid.SampledFrom([]chat.Signal{
			{Room: room, Typing: &wire.User{ID: "u" + text.Draw(t, "id"), Name: text.Draw(t, "name"), Avatar: text.Draw(t, "avatar"), Role: "guest"}},
			{Room: room, Presence: &wire.Counts{Guests: 1, Members: 0, Admins: 1 << 30}},
			{Control: &chat.Control{Op: "disconnect", UserID: text.Draw(t, "user"), Reason: text.Draw(t, "reason")}},
			{Room: room, NamesRequest: []string{"a b", "auth0|" + rapid.StringMatching(`[!-~]{1,9}`).Draw(t, "wanted")}},
			{Room: room, NamesReply: []wire.User{{ID: "u", Name: text.Draw(t, "name"), Avatar: text.Draw(t, "avatar")}, {ID: "v"}}},
			{Probe: &chat.Probe{SentAt: rapid.Int64().Draw(t, "at")}},
		}).Draw(t, "signal")
		channel, kind, data, err := d.keys.encodeSignal(&sent, "api-1")
		if err != nil {
			t.Fatalf("encode: %v", err)
		}
		head, tail := envelopeParts(kind, sender("api-1", "me"), sent.Room, data)
		got, err := d.decode(channel, head+"1700000000000"+tail)
		if err != nil || !reflect.DeepEqual(got, sent) {
			t.Fatalf("sent %+v, got %+v, %v", sent, got, err)
		}
	})
}

func TestQuoteIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		var decoded string
		if err := json.Unmarshal([]byte(quote(s)), &decoded); err != nil || decoded != s {
			t.Fatalf("quote(%q) is %s, which decodes to %q, %v", s, quote(s), decoded, err)
		}
	})
}

func TestHint(t *testing.T) {
	for id, want := range map[string]uint64{"a-x-1": 10, "0-x-1": 0, "zz-x-1": 35*36 + 35, "a": 0, "-x": 0, "zzzzzzzzzzzzzzz-x-1": 0, "": 0} {
		if got := seqHint(id); got != want {
			t.Errorf("hint of %q is %d, want %d", id, got, want)
		}
	}
}

// TestDropLogIsRateLimited: every dropped message is counted, but logged at most once per 10 s and reason.
func TestDropLogIsRateLimited(t *testing.T) {
	var lines strings.Builder
	counted := map[Reason]int{}
	d := newDropCounter(func(r Reason) { counted[r]++ }, zerolog.New(&lines))
	now := time.Unix(0, 0)
	for i := range 2500 {
		d.drop("c", 1, Malformed, now.Add(time.Duration(i)*10*time.Millisecond))
	}
	if got := strings.Count(lines.String(), "\n"); got != 3 || counted[Malformed] != 2500 {
		t.Errorf("%d log lines in 25 s and counts %v, want 3 lines and 2500", got, counted)
	}
	if !strings.Contains(lines.String(), `"dropped":1000`) {
		t.Errorf("the log lines have no number of dropped messages: %s", lines.String())
	}
}

func TestIsNameMatchesNameRule(t *testing.T) {
	rule := regexp.MustCompile(nameRule)
	for _, s := range []string{"", "a", "api-1", "A.b_C-9", strings.Repeat("x", 64), strings.Repeat("x", 65), "a b", "a\n", "ä", "a/b", "a:b", "a@", "a[", "a`", "a{"} {
		if isName(s) != rule.MatchString(s) {
			t.Errorf("%q: %v", s, isName(s))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if isName(s) != rule.MatchString(s) {
			t.Fatalf("%q: %v", s, isName(s))
		}
	})
}

// BenchmarkDecode decodes a message in the form of the append script, and one with an escape.
func BenchmarkDecode(b *testing.B) {
	for name, end := range map[string]string{"form=script": ".", "form=escaped": "\n."} {
		author := chat.Author{ID: "guest-0123456789abcdef", Name: "Guest 0123"}
		text := publishedMessage(1795389766362, 4711, "3r8a45mo5ext2", "0-b3khgi708kbmg3o8", "global", author, strings.Repeat(".", 127)+end)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := testDecoder.decode(broadcastChannel, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(broadcastChannel, envelopeJSON(nil))
	f.Add(presenceChannel, envelopeJSON(map[string]any{"type": "presence"}))
	f.Add(controlChannel, envelopeJSON(map[string]any{"type": "control", "room": "", "data": map[string]any{"op": "disconnect"}}))
	f.Add(probeChannel, envelopeJSON(map[string]any{"type": "probe", "room": "", "data": map[string]any{"sentAt": 1}}))
	f.Add(presenceChannel, envelopeJSON(map[string]any{"type": "names_wanted", "data": map[string]any{"who": []string{"u"}}}))
	f.Add(presenceChannel, envelopeJSON(map[string]any{"type": "names", "data": map[string]any{"users": []any{map[string]any{"userId": "u", "userName": "U"}}}}))
	f.Add(broadcastChannel, publishedMessage(5, 3, "e", "0-a-1", "global", chat.Author{ID: "u", Name: "U"}, "hi"))
	f.Add("", "{")
	f.Fuzz(func(t *testing.T, channel, text string) {
		event, err := testDecoder.decode(channel, text)
		if (event == nil) == (err == nil) {
			t.Fatalf("event %v and error %v", event, err)
		}
		if d, ok := event.(*chat.Delivered); ok && (d.Room != "global" && channel == broadcastChannel || d.Entry.Seq == 0 || d.Epoch == "" || d.Entry.Kind == 0) {
			t.Fatalf("%s: delivered %+v", fmt.Sprint(channel, text), d)
		}
	})
}
