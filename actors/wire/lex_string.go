package wire

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads the next string. It checks the escapes and returns the bytes between the quotes with the escapes.
func (l *lexer) quoted() (raw []byte, escaped, ok bool) {
	if !l.take('"') {
		return nil, false, false
	}
	start := l.i
	for {
		l.i += unescapedLen(l.p[l.i:])
		switch {
		case l.i == len(l.p) || l.p[l.i] < ' ':
			return nil, false, false
		case l.p[l.i] == '"':
			l.i++
			return l.p[start : l.i-1], escaped, true
		}
		escaped = true
		if !l.escape() {
			return nil, false, false
		}
	}
}

// unescapedLen returns the number of bytes at the start of p that need no unescaping.
func unescapedLen(p []byte) int {
	for i, c := range p {
		if c < ' ' || c == '"' || c == '\\' {
			return i
		}
	}
	return len(p)
}

// escape advances past one escape sequence.
func (l *lexer) escape() bool {
	rest := l.p[l.i+1:]
	if len(rest) == 0 {
		return false
	}
	if rest[0] == 'u' {
		l.i += 6
		return len(rest) >= 5 && isHex(rest[1:5])
	}
	l.i += 2
	return bytes.IndexByte([]byte(`"\/bfnrt`), rest[0]) >= 0
}

// text returns a copy of a string that quoted returned, without escapes.
func text(raw []byte, escaped bool) string {
	if escaped {
		return unescape(raw)
	}
	return string(raw)
}

// unescape copies through a buffer on the stack, because an escape sequence is up to six times as long as its rune.
// The returned string is not longer than its text.
func unescape(raw []byte) string {
	var stack [512]byte
	out := stack[:0]
	for len(raw) > 0 {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 {
			n = len(raw)
		}
		out, raw = append(out, raw[:n]...), raw[n:]
		if len(raw) > 0 {
			r, n := unescapeRune(raw)
			out, raw = utf8.AppendRune(out, r), raw[n:]
		}
	}
	return string(out)
}

// unescapeRune decodes the escape sequence, or the surrogate pair, at the start of p, which has been checked. It
// returns its length. An unpaired surrogate is U+FFFD.
func unescapeRune(p []byte) (r rune, n int) {
	switch c := p[1]; c {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return unescapeUnicode(p)
	default:
		return rune(c), 2
	}
}

func unescapeUnicode(p []byte) (r rune, n int) {
	r = hexRune(p[2:6])
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(p) >= 12 && p[6] == '\\' && p[7] == 'u' {
		if pair := utf16.DecodeRune(r, hexRune(p[8:12])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func isHex(p []byte) bool {
	for _, c := range p {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// hexRune reads hex digits that isHex has checked.
func hexRune(p []byte) (r rune) {
	for _, c := range p {
		if c <= '9' {
			r = r<<4 | rune(c-'0')
		} else {
			r = r<<4 | rune(c|0x20-'a'+10)
		}
	}
	return r
}
