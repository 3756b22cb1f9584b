package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Maximum length of names in bytes.
const (
	MaxRoom = 64
	MaxID   = 64
	MaxUser = 255 // limit of OpenID Connect for a subject
)

// CleanText returns the text of a message as it is stored: s without white space at its ends. The code is CodeNone for
// 1 to maxRunes runes of valid UTF-8 without control characters. Newlines are allowed inside. Otherwise the code is
// CodeEmptyMessage, CodeBadText or CodeMessageTooLong.
func CleanText(s string, maxRunes int) (string, Code) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", CodeEmptyMessage
	}
	runes := 0
	for i, r := range s {
		if badRune(s[i:], r) {
			return "", CodeBadText
		}
		runes++
	}
	if runes > maxRunes {
		return "", CodeMessageTooLong
	}
	return s, CodeNone
}

// badRune reports whether r, the first rune of s, is not allowed in a text. U+FFFD is allowed if it is encoded (3
// bytes). A decoding error also yields U+FFFD, but with length 1.
func badRune(s string, r rune) bool {
	if r == utf8.RuneError {
		_, size := utf8.DecodeRuneInString(s)
		return size == 1
	}
	return r != '\n' && unicode.IsControl(r)
}

// ValidRoom reports whether name consists of 1 to 64 of A-Z a-z 0-9 . _ -
func ValidRoom(name string) bool {
	return valid(name, MaxRoom, isNameByte)
}

// ValidID reports whether s consists of 1 to 64 of A-Z a-z 0-9 . _ : -
func ValidID(s string) bool {
	return valid(s, MaxID, func(c byte) bool { return c == ':' || isNameByte(c) })
}

// ValidUser reports whether s may be the id of a user: 1 to 255 bytes of UTF-8, printable, without space at the ends.
// Identity providers issue ids such as "auth0|5f7c", "https://idp.example/u/7" and "ada@example.org". Invisible
// characters are rejected, because two ids that look the same would be two users.
func ValidUser(s string) bool {
	if s == "" || len(s) > MaxUser || !utf8.ValidString(s) || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

func valid(s string, longest int, good func(c byte) bool) bool {
	for i := range len(s) {
		if !good(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= longest
}

func isNameByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '.' || c == '_' || c == '-'
}
