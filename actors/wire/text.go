package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest names, in bytes.
const (
	MaxRoom = 64
	MaxID   = 64
	MaxUser = 255 // what OpenID Connect allows a subject
)

// CleanText is a message's text as it is stored: s without white space around it. The Code is
// CodeNone where it is 1 to maxRunes runes of valid UTF-8 without control characters (newlines may
// stand inside), and CodeEmptyMessage, CodeBadText or CodeMessageTooLong otherwise.
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

// badRune says whether r, with which s begins, may not stand in a text. U+FFFD itself may; it is
// three bytes long, a broken byte that reads as it is one.
func badRune(s string, r rune) bool {
	if r == utf8.RuneError {
		_, size := utf8.DecodeRuneInString(s)
		return size == 1
	}
	return r != '\n' && unicode.IsControl(r)
}

// ValidRoom says whether name is 1 to 64 of A-Z a-z 0-9 . _ -
func ValidRoom(name string) bool {
	return valid(name, MaxRoom, isNameByte)
}

// ValidID says whether s is 1 to 64 of A-Z a-z 0-9 . _ : -
func ValidID(s string) bool {
	return valid(s, MaxID, func(c byte) bool { return c == ':' || isNameByte(c) })
}

// ValidUser says whether s may be a user's id: 1 to 255 bytes of UTF-8, printable, without space at
// either end. Users are named by identity providers, and these write "auth0|5f7c", "https://idp.example/u/7"
// and "ada@example.org". What cannot be seen stays out: two ids that look alike would be two users.
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
