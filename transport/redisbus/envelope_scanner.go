package redisbus

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A envelopeScanner reads the envelope of a message in the one form that append.lua gives it: these members in this
// order, strings without escapes. It is what nodes read most, and reading it as any JSON takes seven times
// as long. Whatever has another form is left to encoding/json, and is none the worse for it.
type envelopeScanner struct {
	rest string
	ok   bool // so far
}

// scanMessage fills in the envelope of a new message; ok is false where it has another form, and then the
// envelope is worth nothing. Its strings share one allocation, which does not hold the text.
func scanMessage(text string, e *envelope) (ok bool) {
	s := envelopeScanner{text, true}
	p := &e.Data
	s.expect(`{"v":1,"type":"new_message","instanceId":"`)
	instance := s.stringValue()
	s.expect(`,"incarnation":"`)
	incarnation := s.stringValue()
	s.expect(`,"timestamp":`)
	e.Timestamp = s.number()
	s.expect(`,"room":"`)
	room := s.stringValue()
	s.expect(`,"epoch":"`)
	epoch := s.stringValue()
	s.expect(`,"seq":`)
	seq := s.number()
	s.expect(`,"id":"`)
	id := s.stringValue()
	s.expect(`,"data":{"userId":"`)
	user := s.stringValue()
	s.expect(`,"userName":"`)
	name := s.stringValue()
	s.expect(`,"userAvatar":"`)
	avatar := s.stringValue()
	s.expect(`,"createdAt":`)
	p.CreatedAt = s.number()
	s.expect(`,"message":"`)
	message := s.stringValue()
	s.expect(`}}`)
	if !s.ok || s.rest != "" {
		return false
	}
	e.V, e.Type, e.InstanceID, e.Incarnation, e.Seq = envelopeVersion, typeMessage, instance, incarnation, uint64(seq)
	own := room + epoch + id + user + name + avatar + message
	for _, f := range []struct {
		to  *string
		len int
	}{{&e.Room, len(room)}, {&e.Epoch, len(epoch)}, {&e.ID, len(id)}, {&p.UserID, len(user)}, {&p.UserName, len(name)}, {&p.UserAvatar, len(avatar)}, {&p.Message, len(message)}} {
		*f.to, own = own[:f.len], own[f.len:]
	}
	return true
}

// expect goes over what must stand here.
func (s *envelopeScanner) expect(what string) {
	rest, found := strings.CutPrefix(s.rest, what)
	if !found {
		s.fail()
		return
	}
	s.rest = rest
}

// fail ends the scan: nothing is found any more.
func (s *envelopeScanner) fail() { s.rest, s.ok = "", false }

// stringValue is the rest of a string, up to the quote behind it, which it goes over.
func (s *envelopeScanner) stringValue() string {
	i := strings.IndexByte(s.rest, '"')
	if i < 0 || !isUnescaped(s.rest[:i]) {
		s.fail()
		return ""
	}
	word := s.rest[:i]
	s.rest = s.rest[i+1:]
	return word
}

// isUnescaped says whether the inside of a JSON string is the text itself.
func isUnescaped(s string) bool {
	ascii := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '\\' {
			return false
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s)
}

// number is a number of at most 18 digits, without a sign and without a 0 in front.
func (s *envelopeScanner) number() int64 {
	n := 0
	for n < len(s.rest) && s.rest[n] >= '0' && s.rest[n] <= '9' {
		n++
	}
	v, err := strconv.ParseInt(s.rest[:n], 10, 64)
	if err != nil || n > 18 || n > 1 && s.rest[0] == '0' {
		s.fail()
		return 0
	}
	s.rest = s.rest[n:]
	return v
}
