package redisbus

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// publishedMessage returns a message in the form in which append.lua publishes it.
func publishedMessage(at, seq int64, epoch, id, room string, a chat.Author, text string) string {
	return fmt.Sprintf(`{"v":1,"type":"new_message",%s,"timestamp":%d,%s,"epoch":"%s","seq":%d,"id":"%s","data":{%s,"createdAt":%d,"message":%s}}`,
		sender("api-2", "me"), at, roomMember(room), epoch, seq, id, authorMembers(a), at, quote(text))
}

// TestScannerMatchesJSON: the scanner accepts all published messages without escapes, and returns the same envelope as
// encoding/json.
func TestScannerMatchesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anyText := rapid.OneOf(rapid.StringMatching(`[a-z .]{0,12}`), rapid.String())
		a := chat.Author{ID: anyText.Draw(t, "user"), Name: anyText.Draw(t, "name"), Avatar: anyText.Draw(t, "avatar")}
		body := anyText.Draw(t, "text")
		number := rapid.Int64Range(0, 1<<53)
		text := publishedMessage(number.Draw(t, "at"), number.Draw(t, "seq"), "e1", "0-a-1", "global", a, body)
		var want, got envelope
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		ok := scanMessage(text, &got)
		if ok && fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Fatalf("%s\n got %+v\nwant %+v", text, got, want)
		}
		if escaped := strings.ContainsRune(text, '\\'); ok == escaped {
			t.Fatalf("%s: accepted by the scanner: %v", text, ok)
		}
	})
}

// TestScannerRejectsInvalidJSON: after any change of a byte the scanner rejects the text or agrees with encoding/json.
func TestScannerRejectsInvalidJSON(t *testing.T) {
	text := publishedMessage(1795389766362, 12, "3r8a45mo5ext2", "0-a-1", "global", chat.Author{ID: "u", Name: "Ü"}, "hi")
	rapid.Check(t, func(t *rapid.T) {
		changed := []byte(text)
		at := rapid.IntRange(0, len(changed)-1).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			changed[at] = rapid.Byte().Draw(t, "byte")
		case 1:
			changed = changed[:at]
		case 2:
			changed = append(changed[:at:at], append([]byte{rapid.SampledFrom([]byte(`0"\{}, -e`)).Draw(t, "byte")}, changed[at:]...)...)
		}
		var want, got envelope
		err := json.Unmarshal(changed, &want)
		if !scanMessage(string(changed), &got) {
			return
		}
		if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Fatalf("%s\n got %+v\nwant %+v, %v", changed, got, want, err)
		}
	})
}

// TestScannerReadsScriptOutput: the scanner accepts the messages that the script publishes on a real Redis.
func TestScannerReadsScriptOutput(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	sub := s.Client().Subscribe(t.Context(), broadcastChannel)
	t.Cleanup(func() { _ = sub.Close() }) // the server is killed as well
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := New(Options{URL: s.URL(), InstanceID: "api-1", Incarnation: "me", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	a := e.NewAppender()
	w := chat.Write{Room: "global", Kind: chat.EntryMessage, ID: "0-a-1", Key: "k", Text: "größer", Author: chat.Author{ID: "u", Name: "U"}}
	if _, err := a.Append(t.Context(), []chat.Write{w}); err != nil {
		t.Fatal(err)
	}
	m, err := sub.ReceiveMessage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got envelope
	if !scanMessage(m.Payload, &got) || got.ID != "0-a-1" || got.Data.Message != "größer" || got.Timestamp <= 0 || got.Seq != 1 {
		t.Errorf("scan of %s: %+v", m.Payload, got)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// TestScannerAllocatesOnce: all strings of a message share one allocation.
func TestScannerAllocatesOnce(t *testing.T) {
	text := publishedMessage(1795389766362, 12, "e", "0-a-1", "global", chat.Author{ID: "u", Name: "U"}, strings.Repeat(".", 128))
	var e envelope
	if n := testing.AllocsPerRun(100, func() {
		if !scanMessage(text, &e) {
			t.Fatal("scan failed")
		}
	}); n > 1 {
		t.Errorf("%v allocations, want at most 1", n)
	}
}
