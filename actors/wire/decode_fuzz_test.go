package wire_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

type testingT interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkAgainstReference checks that Decode and the reference accept p with the same command, or reject it with the
// same code.
func checkAgainstReference(t testingT, p []byte) {
	t.Helper()
	before := string(p)
	got, err := wire.Decode(p)
	want, code := reference(p)
	if string(p) != before {
		t.Fatalf("Decode changed its input %q to %q", before, p)
	}
	if code == wire.CodeNone {
		if err != nil || got != want {
			t.Fatalf("Decode(%q)\n got %+v, %v\nwant %+v", p, got, err, want)
		}
		return
	}
	var rejected *wire.Error
	if !errors.As(err, &rejected) || rejected.Code != code {
		t.Fatalf("Decode(%q) = %+v, %v; want code %v", p, got, err, code)
	}
	if got != (wire.Command{}) {
		t.Fatalf("Decode(%q) returned an error and the command %+v", p, got)
	}
}

func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/command_*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no commands in testdata: %v", err)
	}
	for _, file := range files {
		frame, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	for _, frame := range oddFrames {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, p []byte) { checkAgainstReference(t, p) })
}

// oddFrames are frames that JSON decoders often interpret differently.
var oddFrames = []string{
	``, ` `, `{}`, `[]`, `null`, `"x"`, `{`, `{}{}`, "{}\x00", "\xef\xbb\xbf{}", `{"a":1,}`, `{,}`, `{"a"}`,
	`{"a":[1,]}`, `{"a":[,1]}`, `{"a":[}`, `{"a":{]}`, `{"a":01}`, `{"a":-}`, `{"a":1.}`, `{"a":.5}`,
	`{"a":1e}`, `{"a":1E+5}`, `{"a":-0}`, `{"a":+1}`, `{"a":nul}`, `{"a":True}`, `{"a":"\x"}`, `{"a":"\u12g4"}`,
	`{"a":"\u123`, `{"a":"\`, "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", "{\"\xff\":1}", `{"a":"` + "\u2028" + `"}`,
	`{"\u0074ype":"p\u0069ng"}`, `{"Type":"ping"}`, `{"type":"ping","type":"join"}`, `{"type":"ping","type":"x"}`,
	`{"type":"x","type":null}`, `{"type":7}`, `{"message":"\ud83d\ude00\ud83d\u0041\ude00"}`, `{"message":"\u0000\/\b\f"}`,
	`{"before":18446744073709551615}`, `{"before":18446744073709551616}`, `{"before":-1}`, `{"before":1.0}`,
	`{"before":1e3}`, `{"before":"1"}`, `{"limit":200}`, `{"limit":201}`, `{"limit":5,"limit":null}`, `{"limit":-0}`,
	`{"since":null}`, `{"since":[]}`, `{"since":{"epoch":"e","seq":1},"since":{}}`, `{"since":{"seq":"1"}}`,
	`{"t":1e400}`, `{"t":true}`, `{"t":{}}`, `{"t":"` + strings.Repeat("x", 62) + `"}`, `{"t":"` + strings.Repeat("x", 63) + `"}`,
	`{"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`,
	`{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`,
	`{"type":"` + strings.Repeat("é", 17) + `"}`,
}

func TestDecodeMatchesReference(t *testing.T) {
	for _, frame := range oddFrames {
		checkAgainstReference(t, []byte(frame))
	}
}

// Nearly valid frames reach more of the decoder than random bytes.
func TestDecodeMatchesReferenceRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame := []byte(drawFrame(t))
		if len(frame) > 0 && rapid.Bool().Draw(t, "spoil") {
			frame[rapid.IntRange(0, len(frame)-1).Draw(t, "at")] = rapid.SampledFrom([]byte("\"\\{}[],:0e-. u\n\xff")).Draw(t, "byte")
		}
		checkAgainstReference(t, frame)
	})
}

// drawFrame draws an object of known and unknown fields with values of all types.
func drawFrame(t *rapid.T) string {
	names := []string{
		"type", "id", "room", "message", "messageId", "userId", "token", "cursor", "t", "since",
		"before", "limit", "other", "Type", `\u0069d`,
	}
	values := []string{
		`null`, `true`, `"ping"`, `"send_message"`, `"\u006aoin"`, `"wh\no"`, `"caf\u00e9 \ud83d\ude00"`, `0`, `7`,
		`200`, `201`, `-1`, `1.5`, `1e3`, `18446744073709551616`, `{}`, `[]`, `[1,{"a":[null]}]`,
		`{"epoch":"e1","seq":9}`, `{"epoch":4}`, `{"seq":null,"x":[]}`, "\"\u2028\"",
	}
	space := rapid.SampledFrom([]string{"", "", " ", "\r\n\t"})
	var b strings.Builder
	b.WriteString("{")
	for i := range rapid.IntRange(0, 6).Draw(t, "members") {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(space.Draw(t, "space") + `"` + rapid.SampledFrom(names).Draw(t, "name") + `"`)
		b.WriteString(space.Draw(t, "space") + ":" + rapid.SampledFrom(values).Draw(t, "value") + space.Draw(t, "space"))
	}
	return b.String() + "}" + space.Draw(t, "space")
}
