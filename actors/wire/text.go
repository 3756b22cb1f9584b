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
