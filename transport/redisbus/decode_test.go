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

var testDecoder = decoder{instance: "api-1", incarnation: "me", max: 1000}

const broadcastChannel, presenceChannel, controlChannel, probeChannel = "chat:pubsub:global:broadcast", "chat:pubsub:global:presence", "chat:pubsub:global:control", "chat:pubsub:probe:api-1"

// wireText makes an envelope: the members of the defaults, those of change in their place.
func wireText(change map[string]any) string {
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
		{broadcastChannel, wireText(data("seq", "3")), Malformed},
		{broadcastChannel, wireText(data("seq", -3)), Malformed},
		{broadcastChannel, wireText(data("room", 5)), Malformed},
		{broadcastChannel, wireText(data("data", "text")), Malformed},
		{broadcastChannel, wireText(data("v", 2)), BadVersion},
		{broadcastChannel, wireText(data("type", "other")), BadType},
		{broadcastChannel, wireText(data("type", "presence")), BadType},
		{presenceChannel, wireText(nil), BadType},
		{controlChannel, wireText(nil), BadType},
		{broadcastChannel, wireText(data("instanceId", "a b")), BadInstance},
		{broadcastChannel, wireText(data("instanceId", strings.Repeat("a", 65))), BadInstance},
		{broadcastChannel, wireText(data("incarnation", "")), BadInstance},
		{broadcastChannel, wireText(data("room", "other")), BadRoom},
		{presenceChannel, wireText(data("type", "typing", "room", "other")), BadRoom},
		{controlChannel, wireText(data("type", "control", "data", data("op", "x"))), BadRoom},
		{broadcastChannel, wireText(data("seq", 0)), BadPosition},
		{broadcastChannel, wireText(data("epoch", "")), BadPosition},
		{broadcastChannel, wireText(data("id", "a\"b")), BadPosition},
		{broadcastChannel, wireText(data("timestamp", 0)), BadPosition},
		{broadcastChannel, wireText(data("data", data())), BadData},
		{broadcastChannel, wireText(data("type", "message_deleted", "data", data())), BadData},
		{broadcastChannel, wireText(data("type", "bulk_delete", "data", data("userId", "u", "deletedCount", -1))), BadData},
		{presenceChannel, wireText(data("type", "presence", "data", data("guests", -1))), BadData},
		{presenceChannel, wireText(data("type", "typing", "data", data())), BadData},
		{presenceChannel, wireText(data("type", "names_wanted", "data", data("who", []string{}))), BadData},
		{presenceChannel, wireText(data("type", "names_wanted", "data", data("who", []string{"a", "b\x00"}))), BadData},
		{presenceChannel, wireText(data("type", "names", "data", data("users", []any{data("userName", "nobody")}))), BadData},
		{broadcastChannel, wireText(data("type", "names")), BadType},
		{probeChannel, wireText(data("type", "probe", "room", "", "incarnation", "twin")), Foreign},
		{"chat:pubsub:global:other", wireText(nil), BadChannel},
		{"elsewhere", wireText(nil), BadChannel},
	} {
		event, err := testDecoder.decode(c.channel, c.text)
		if err == nil || reasonOf(err) != c.want {
			t.Errorf("%s %s: %+v, %v, want it dropped as %s", c.channel, c.text, event, err, c.want)
		}
	}
}

// Whatever text, names and ids a signal holds, it arrives as it was sent.
func TestSignalsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		d := decoder{keys: keys{cluster: rapid.Bool().Draw(t, "cluster")}, instance: "api-1", incarnation: "me", max: 1 << 20}
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
		head, tail := envelopeAround(kind, sender("api-1", "me"), sent.Room, data)
		got, err := d.decode(channel, head+"1700000000000"+tail)
		if err != nil || !reflect.DeepEqual(got, sent) {
			t.Fatalf("sent %+v, got %+v, %v", sent, got, err)
		}
	})
}

func TestQuoteIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		var back string
		if err := json.Unmarshal([]byte(quote(s)), &back); err != nil || back != s {
			t.Fatalf("%q became %s, which reads %q, %v", s, quote(s), back, err)
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

// One reason is logged at most every ten seconds, and counted always.
func TestDropsAreCountedAndSparselyLogged(t *testing.T) {
	var lines strings.Builder
	counted := map[Reason]int{}
	d := newDrops(func(r Reason) { counted[r]++ }, zerolog.New(&lines))
	now := time.Unix(0, 0)
	for i := range 2500 {
		d.drop("c", 1, Malformed, now.Add(time.Duration(i)*10*time.Millisecond))
	}
	if got := strings.Count(lines.String(), "\n"); got != 3 || counted[Malformed] != 2500 {
		t.Errorf("%d lines and %v counted, want 3 lines in 25 s and all counted", got, counted)
	}
	if !strings.Contains(lines.String(), `"dropped":1000`) {
		t.Errorf("the lines do not say how many: %s", lines.String())
	}
}

func TestANameIsWhatTheRuleSays(t *testing.T) {
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

// BenchmarkDecode reads a message of the bus, as each node does that has members of its room: in the form that
// the script gives it, and with something escaped in it.
func BenchmarkDecode(b *testing.B) {
	for name, end := range map[string]string{"form=script": ".", "form=escaped": "\n."} {
		author := chat.Author{ID: "guest-0123456789abcdef", Name: "Guest 0123"}
		text := scripted(1795389766362, 4711, "3r8a45mo5ext2", "0-b3khgi708kbmg3o8", "global", author, strings.Repeat(".", 127)+end)
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
	f.Add(broadcastChannel, wireText(nil))
	f.Add(presenceChannel, wireText(map[string]any{"type": "presence"}))
	f.Add(controlChannel, wireText(map[string]any{"type": "control", "room": "", "data": map[string]any{"op": "disconnect"}}))
	f.Add(probeChannel, wireText(map[string]any{"type": "probe", "room": "", "data": map[string]any{"sentAt": 1}}))
	f.Add(presenceChannel, wireText(map[string]any{"type": "names_wanted", "data": map[string]any{"who": []string{"u"}}}))
	f.Add(presenceChannel, wireText(map[string]any{"type": "names", "data": map[string]any{"users": []any{map[string]any{"userId": "u", "userName": "U"}}}}))
	f.Add(broadcastChannel, scripted(5, 3, "e", "0-a-1", "global", chat.Author{ID: "u", Name: "U"}, "hi"))
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
