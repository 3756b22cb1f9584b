package wire

import "unicode/utf8"

// Limits of the fields of a Command. Larger values are bad_field.
const (
	MaxPage        = 200 // limit
	maxPingPayload = 64  // t: bytes of JSON, a string's quotes included
)

// decoder fills one Command. A field of the wrong type does not end the pass, because the syntax of the whole frame
// and the id for the error frame are checked first.
type decoder struct {
	lexer
	cmd Command
	bad string // the first field whose value is not of its type
}

// Decode reads one frame of a client. It checks syntax and types only. ValidRoom, ValidID and CleanText check the
// strings, and the handler of the command checks which fields it needs.
//
// All strings of the Command are copies. If a field occurs twice, the last one counts. null counts as absent. Unknown
// fields are skipped. An unknown or missing type is Unknown. The error is always an *Error. Its code is CodeBadJSON if
// p is not one JSON object in UTF-8 or nests too deeply. It is CodeBadField if a known field has a value of the wrong
// type or range.
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

// mismatch skips a value that the field cannot contain, and remembers the field. null counts as absent.
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
