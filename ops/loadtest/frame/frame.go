package frame

import "errors"

// Kind is the type of a frame.
type Kind uint8

// The kinds that a load tester uses. Every other frame is Other.
const (
	Other Kind = iota
	Connected
	Joined
	History
	Message
	Change // an edit or a deletion
	Committed
	Ack
	Throttled
	Error
	Shutdown
	Resync
)

// Frame is the top level of a frame. Byte slices are parts of the buffer: strings without quotes and with their
// escapes, Data as raw JSON. Missing members are zero.
type Frame struct {
	Kind             Kind
	Recovered        bool
	Provisional      bool
	Retry            bool
	More             bool
	Duplicate        bool
	Seq              uint64
	RetryAfterMs     uint64
	ReconnectAfterMs uint64
	PingMs           uint64
	ID               []byte
	Epoch            []byte
	Code             []byte
	Data             []byte
}

// ErrMalformed is a frame that is not a JSON object.
var ErrMalformed = errors.New("the frame is not a JSON object")

// Scan reads b into f and overwrites all fields.
func (f *Frame) Scan(b []byte) error {
	*f = Frame{}
	return f.object(b)
}

// set stores one member of the object.
func (f *Frame) set(key, value []byte) {
	switch string(key) {
	case "type":
		f.Kind = kind(text(value))
	case "seq":
		f.Seq = number(value)
	case "data":
		f.Data = value
	case "id":
		f.ID = text(value)
	case "epoch":
		f.Epoch = text(value)
	case "code":
		f.Code = text(value)
	case "recovered":
		f.Recovered = value[0] == 't'
	case "provisional":
		f.Provisional = value[0] == 't'
	case "retry":
		f.Retry = value[0] == 't'
	case "more":
		f.More = value[0] == 't'
	case "duplicate":
		f.Duplicate = value[0] == 't'
	case "retryAfterMs":
		f.RetryAfterMs = number(value)
	case "reconnectAfterMs":
		f.ReconnectAfterMs = number(value)
	case "pingMs":
		f.PingMs = number(value)
	}
}

func kind(name []byte) Kind {
	switch string(name) {
	case "new_message":
		return Message
	case "ack":
		return Ack
	case "message_updated", "message_deleted", "bulk_delete":
		return Change
	case "connected":
		return Connected
	case "joined":
		return Joined
	case "message_history":
		return History
	case "committed":
		return Committed
	case "throttled":
		return Throttled
	case "error":
		return Error
	case "shutdown":
		return Shutdown
	case "resync":
		return Resync
	}
	return Other
}

// text returns a string value without its quotes, or nil for another value.
func text(value []byte) []byte {
	if value[0] != '"' {
		return nil
	}
	return value[1 : len(value)-1]
}

// number returns a non-negative integer, or 0 for another value or one that is too large.
func number(value []byte) uint64 {
	if len(value) > 19 {
		return 0
	}
	var n uint64
	for _, c := range value {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + uint64(c-'0')
	}
	return n
}
