package redisbus

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"chatnode/actors/chat"
)

// quote returns s as a JSON string. All nodes encode the same text to the same bytes, because the scripts compare
// authors in this form.
func quote(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return quoteSlow(s)
		}
	}
	return `"` + s + `"`
}

func quoteSlow(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // cannot fail: s is a string, and a Builder returns no errors
	return strings.TrimSuffix(b.String(), "\n")
}

// authorMembers returns the JSON members of an author, the id first.
func authorMembers(a chat.Author) string {
	return `"userId":` + quote(a.ID) + `,"userName":` + quote(a.Name) + `,"userAvatar":` + quote(a.Avatar)
}

// authorPrefix returns the required prefix of the author members of a message that a may change; empty for admins.
func authorPrefix(a chat.Author) string {
	if a.Admin {
		return ""
	}
	return `"userId":` + quote(a.ID) + ","
}

// maxID is the maximum length of entry ids in bytes.
const maxID = 128

// isPlainID reports whether an id needs no escapes in JSON and contains no spaces.
func isPlainID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// writePart is the part of an id that is the same on every node that has made it for one write: see find.lua.
func writePart(id string) string {
	if _, write, found := strings.Cut(id, "-"); found {
		return write
	}
	return id
}

// seqHint reads the first part of an id <hint base36>-…: the room's last seq when the id was made, so
// that the entry lies behind it. Anything else gives 0, the beginning.
func seqHint(id string) uint64 {
	head, _, found := strings.Cut(id, "-")
	n, err := strconv.ParseUint(head, 36, 50)
	if !found || err != nil {
		return 0
	}
	return n
}
