package wire

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// The functions of this file append one member of an object. key is its name as JSON with the punctuation around it,
// for example `,"room":`.

const hexDigits = "0123456789abcdef"

func appendText(dst []byte, key, s string) []byte {
	return appendString(append(dst, key...), s)
}

// appendNonEmpty omits the member if s is empty.
func appendNonEmpty(dst []byte, key, s string) []byte {
	if s == "" {
		return dst
	}
	return appendText(dst, key, s)
}

func appendInt(dst []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(dst, key...), n, 10)
}

func appendSeq(dst []byte, key string, seq uint64) []byte {
	return strconv.AppendUint(append(dst, key...), seq, 10)
}

// appendNonZeroSeq omits the member if seq is 0, which means that it is not known yet.
func appendNonZeroSeq(dst []byte, seq uint64) []byte {
	if seq == 0 {
		return dst
	}
	return appendSeq(dst, `,"seq":`, seq)
}

func appendBool(dst []byte, key string, b bool) []byte {
	return strconv.AppendBool(append(dst, key...), b)
}

// appendTime appends ms since the Unix epoch as RFC 3339 in UTC with milliseconds.
func appendTime(dst []byte, key string, ms int64) []byte {
	dst = append(append(dst, key...), '"')
	dst = time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
	return append(dst, '"')
}

// appendString appends s in quotes. Runs of bytes that need no escape are copied at once.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if size == 1 || r == '\u2028' || r == '\u2029' {
			dst = appendEscape(append(dst, s[done:i]...), r)
			done = i + size
		}
		i += size
	}
	return append(append(dst, s[done:]...), '"')
}

// appendEscape appends a rune that needs an escape. U+2028 and U+2029 are escaped, because old versions of JavaScript
// treat them as line ends. A byte that is not UTF-8 becomes U+FFFD.
func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case utf8.RuneError:
		return utf8.AppendRune(dst, r)
	}
	return append(dst, '\\', 'u', hexDigits[r>>12], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
