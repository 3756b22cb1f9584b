package redisbus

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"chatnode/actors/chat"
)

// envelopeScanner parses the envelope of a new message in the form that append.lua produces: fixed members in a fixed
// order, and strings without escapes. Most received messages have this form, and encoding/json needs seven times as
// long. The decoder uses encoding/json for all other forms.
type envelopeScanner struct {
	rest string
	ok   bool // no error so far
}

// scanMessage fills in e. ok is false if text has another form; e is then undefined. The strings in e share one
// allocation and do not reference text.
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
	e.V, e.Type, e.InstanceID, e.Incarnation, e.Seq = envelopeVersion, chat.EntryMessage.Frame(), instance, incarnation, uint64(seq)
	copied := room + epoch + id + user + name + avatar + message
	for _, f := range []struct {
		to  *string
		len int
	}{
		{&e.Room, len(room)},
		{&e.Epoch, len(epoch)},
		{&e.ID, len(id)},
		{&p.UserID, len(user)},
		{&p.UserName, len(name)},
		{&p.UserAvatar, len(avatar)},
		{&p.Message, len(message)},
	} {
		*f.to, copied = copied[:f.len], copied[f.len:]
	}
	return true
}

// expect consumes text, or fails if the input does not start with it.
func (s *envelopeScanner) expect(text string) {
	rest, found := strings.CutPrefix(s.rest, text)
	if !found {
		s.fail()
		return
	}
	s.rest = rest
}

// fail makes all later calls fail.
func (s *envelopeScanner) fail() { s.rest, s.ok = "", false }

// stringValue consumes a string up to and including its closing quote, and returns it.
func (s *envelopeScanner) stringValue() string {
	i := strings.IndexByte(s.rest, '"')
	if i < 0 || !isUnescaped(s.rest[:i]) {
		s.fail()
		return ""
	}
	value := s.rest[:i]
	s.rest = s.rest[i+1:]
	return value
}

// isUnescaped reports whether the content of a JSON string needs no unescaping.
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

// number consumes a number of at most 18 digits without sign or leading zero, and returns it.
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
