package wire

import "unicode/utf8"

// Limits of what a Command's fields may hold; beyond them is bad_field.
const (
	MaxPage        = 200 // limit
	maxPingPayload = 64  // t: bytes of JSON, a string's quotes included
)

// A decoder fills one Command. A field of the wrong type does not end the pass: whether the frame
// is JSON at all, and the id that the error answers, come first.
type decoder struct {
	lexer
	cmd Command
	bad string // the first field whose value is not of its type
}

// Decode reads one frame of a client. It checks shapes only: what the strings may hold is checked
// by ValidRoom, ValidID and CleanText, and which fields a type needs by whoever carries it out.
//
// Every string of the Command is a copy. Of a field given twice the last one counts; null is as
// good as absent; fields it does not know are skipped; a type it does not know, or none, is
// Unknown. The error is always an *Error: CodeBadJSON where p is not one JSON object in UTF-8, or
// nests too deep; CodeBadField where a known field has a value of the wrong type or range.
func Decode(p []byte) (Command, error) {
	d := decoder{lexer: lexer{p: p}}
	if !utf8.Valid(p) || !d.command() || !d.end() {
		return Command{}, &Error{Code: CodeBadJSON}
	}
	if d.bad != "" {
		return Command{}, d.badField()
	}
	return d.cmd, nil
}

func (d *decoder) badField() *Error {
	err := &Error{Code: CodeBadField, Field: d.bad}
	if ValidID(d.cmd.ID) {
		err.ID = d.cmd.ID
	}
	return err
}

func (d *decoder) command() bool {
	if !d.enter('{') {
		return false
	}
	for n := 0; ; n++ {
		more, ok := d.more(n, '}')
		if !more || !ok {
			return ok
		}
		key, ok := d.key()
		if !ok || !d.field(key) {
			return false
		}
	}
}

func (d *decoder) field(key []byte) bool {
	switch string(key) {
	case "type":
		return d.commandType()
	case "id":
		return d.text("id", &d.cmd.ID)
	case "room":
		return d.text("room", &d.cmd.Room)
	case "message":
		return d.text("message", &d.cmd.Message)
	case "messageId":
		return d.text("messageId", &d.cmd.MessageID)
	case "userId":
		return d.text("userId", &d.cmd.UserID)
	case "token":
		return d.text("token", &d.cmd.Token)
	case "cursor":
		return d.text("cursor", &d.cmd.Cursor)
	case "t":
		return d.echo()
	case "since":
		return d.since()
	case "before":
		return d.uint("before", &d.cmd.Before)
	case "limit":
		return d.limit()
	}
	return d.skip()
}

// mismatch skips a value that field name cannot hold; null is no value.
func (d *decoder) mismatch(name string) bool {
	if d.peek() != 'n' {
		d.refuse(name)
	}
	return d.skip()
}

func (d *decoder) refuse(name string) {
	if d.bad == "" {
		d.bad = name
	}
}
