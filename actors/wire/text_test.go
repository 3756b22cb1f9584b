package wire_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestCleanText(t *testing.T) {
	for name, row := range map[string]struct {
		text, want string
		code       wire.Code
	}{
		"unchanged":                 {"hi there", "hi there", wire.CodeNone},
		"trimmed":                   {" \r\n\thi\u00a0\n", "hi", wire.CodeNone},
		"newlines inside":           {"a\n\nb", "a\n\nb", wire.CodeNone},
		"runes, not bytes":          {"éé👋éé", "éé👋éé", wire.CodeNone},
		"encoded U+FFFD":            {"\uFFFD", "\uFFFD", wire.CodeNone},
		"markup":                    {"<b>", "<b>", wire.CodeNone},
		"maximum length":            {strings.Repeat("x", 8), "xxxxxxxx", wire.CodeNone},
		"maximum length after trim": {"xxxxxxxx  ", "xxxxxxxx", wire.CodeNone},
		"too long":                  {strings.Repeat("x", 9), "", wire.CodeMessageTooLong},
		"empty":                     {"", "", wire.CodeEmptyMessage},
		"only white space":          {"\n \u3000", "", wire.CodeEmptyMessage},
		"carriage return inside":    {"a\r\nb", "", wire.CodeBadText},
		"tab inside":                {"a\tb", "", wire.CodeBadText},
		"NUL":                       {"a\x00", "", wire.CodeBadText},
		"DEL":                       {"a\x7fb", "", wire.CodeBadText},
		"Latin-1 control":           {"a\u0085b", "", wire.CodeBadText},
		"invalid byte":              {"a\xffb", "", wire.CodeBadText},
		"control and too long":      {strings.Repeat("x", 20) + "\x01", "", wire.CodeBadText},
		"surrogate in CESU-8":       {"\xed\xa0\x80", "", wire.CodeBadText},
	} {
		t.Run(name, func(t *testing.T) {
			if got, code := wire.CleanText(row.text, 8); got != row.want || code != row.code {
				t.Errorf("%q, %v; want %q, %v", got, code, row.want, row.code)
			}
		})
	}
}

func TestCleanTextProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := texts().Draw(t, "text")
		got, code := wire.CleanText(raw, 10)
		if code != wire.CodeNone {
			if got != "" {
				t.Fatalf("CleanText returned code %v and text %q, want no text", code, got)
			}
			return
		}
		runes := utf8.RuneCountInString(got)
		if got != strings.TrimSpace(raw) || !utf8.ValidString(got) || runes < 1 || runes > 10 {
			t.Fatalf("CleanText(%q) = %q", raw, got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			t.Fatalf("clean text %q contains control characters", got)
		}
		if again, code := wire.CleanText(got, 10); again != got || code != wire.CodeNone {
			t.Fatalf("CleanText of the clean text %q returned %q, %v", got, again, code)
		}
	})
}

func TestNamesMatchPatterns(t *testing.T) {
	room, id := regexp.MustCompile(`\A[A-Za-z0-9._-]{1,64}\z`), regexp.MustCompile(`\A[A-Za-z0-9._:-]{1,64}\z`)
	drawn := rapid.OneOf(texts(), rapid.StringMatching(`[A-Za-z0-9._:-]{0,66}`), rapid.StringMatching(`[A-Za-z0-9._-]{62,66}`))
	rapid.Check(t, func(t *rapid.T) {
		s := drawn.Draw(t, "name")
		if got := wire.ValidRoom(s); got != room.MatchString(s) {
			t.Fatalf("ValidRoom(%q) = %v", s, got)
		}
		if got := wire.ValidID(s); got != id.MatchString(s) {
			t.Fatalf("ValidID(%q) = %v", s, got)
		}
	})
}

// ValidRoom and ValidID accept exactly the bytes of their character classes.
func TestNamesByteByByte(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
	for c := range 256 {
		s := string([]byte{byte(c)})
		if got := wire.ValidRoom(s); got != strings.Contains(letters, s) {
			t.Errorf("ValidRoom(%q) = %v", s, got)
		}
		if got := wire.ValidID(s); got != strings.Contains(letters+":", s) {
			t.Errorf("ValidID(%q) = %v", s, got)
		}
	}
}

func TestUserIDs(t *testing.T) {
	for _, good := range []string{
		"u-7", "auth0|507f1f77bcf86cd799439011", "https://idp.example/u?7&a=%2F#b", "ada@example.org", "CN=Ada Lovelace,OU=Engines",
		`DOMAIN\ada`, `"`, "jürgen@firma.de", "李", strings.Repeat("u", wire.MaxUser),
	} {
		if !wire.ValidUser(good) {
			t.Errorf("ValidUser(%q) = false", good)
		}
	}
	for name, bad := range map[string]string{
		"empty": "", "leading space": " a", "trailing space": "a ", "newline": "a\nb", "NUL": "a\x00", "bidi override": "a\u202eb",
		"zero width": "a\u200bb", "no-break space": "a\u00a0b", "invalid byte": "a\xff", "too long": strings.Repeat("u", wire.MaxUser+1),
	} {
		if wire.ValidUser(bad) {
			t.Errorf("%s: ValidUser(%q) = true", name, bad)
		}
	}
}
