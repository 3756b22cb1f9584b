package wire_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

// object is a frame as decoded by encoding/json, with numbers as json.Number.
type object = map[string]any

// texts draws strings of any bytes.
func texts() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"a", " ", `"`, `\`, "/", "<", "&", "\x00", "\x1f", "\n", "\r", "\t", "\x7f", "é", "\u2028", "\u2029",
		"\uFFFD", "😀", "\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xf0\x9f\x98",
	})
	spliced := rapid.Map(rapid.SliceOfN(pieces, 0, 12), func(p []string) string {
		s := ""
		for _, piece := range p {
			s += piece
		}
		return s
	})
	raw := rapid.Map(rapid.SliceOf(rapid.Byte()), func(p []byte) string { return string(p) })
	return rapid.OneOf(rapid.String(), spliced, raw)
}

// toValidUTF8 returns s as clients must receive it: each byte that is not UTF-8 is replaced by U+FFFD.
func toValidUTF8(s string) string { return string([]rune(s)) }

func number[N int | int64 | uint64](n N) json.Number {
	text, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return json.Number(text)
}

// rfc3339 returns ms in the format of createdAt and editedAt.
func rfc3339(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// checkFrame checks that frame is one line of JSON in UTF-8 and decodes to want.
func checkFrame(t *rapid.T, frame []byte, want object) {
	t.Helper()
	if !json.Valid(frame) || !utf8.Valid(frame) {
		t.Fatalf("frame is not JSON in UTF-8: %q", frame)
	}
	var got object
	dec := json.NewDecoder(bytes.NewReader(frame))
	dec.UseNumber()
	if err := dec.Decode(&got); err != nil {
		t.Fatalf("%v: %q", err, frame)
	}
	for _, r := range string(frame) {
		if r < ' ' || r == '\u2028' || r == '\u2029' {
			t.Fatalf("frame contains %U unescaped: %q", r, frame)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s\n got %v\nwant %v", frame, got, want)
	}
}

// optionalObject is an object with optional members.
type optionalObject object

// with adds a member if it is present.
func (o optionalObject) with(name string, value any, present bool) optionalObject {
	if present {
		o[name] = value
	}
	return o
}

// timestamps draws times between the years 1970 and 9999.
func timestamps() *rapid.Generator[int64] { return rapid.Int64Range(0, 253402300799999) }

func drawMessage(t *rapid.T) (wire.Message, object) {
	m := wire.Message{
		ID: texts().Draw(t, "id"), UserID: texts().Draw(t, "userId"), UserName: texts().Draw(t, "userName"),
		UserAvatar: texts().Draw(t, "userAvatar"), Text: texts().Draw(t, "message"),
		At: timestamps().Draw(t, "at"), EditedAt: rapid.OneOf(rapid.Just(int64(0)), timestamps()).Draw(t, "editedAt"),
	}
	return m, object(optionalObject{
		"id": toValidUTF8(m.ID), "userId": toValidUTF8(m.UserID), "userName": toValidUTF8(m.UserName), "userAvatar": toValidUTF8(m.UserAvatar),
		"message": toValidUTF8(m.Text), "timestamp": number(m.At), "createdAt": rfc3339(m.At),
	}.with("editedAt", rfc3339(m.EditedAt), m.EditedAt != 0))
}

// checkAll runs each check with random values, as a subtest named after its frame.
func checkAll(t *testing.T, encoders map[string]func(*rapid.T)) {
	for name, check := range encoders {
		t.Run(name, func(t *testing.T) { rapid.Check(t, check) })
	}
}
