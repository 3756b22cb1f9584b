package actorstest

import (
	"encoding/json"
	"testing"
)

// Frame is a frame that the server sent.
type Frame struct {
	Op        byte
	Type      string `json:"type"`
	ID        string `json:"id"`
	Room      string `json:"room"`
	Seq       uint64 `json:"seq"`
	Epoch     string `json:"epoch"`
	Recovered bool   `json:"recovered"`
	Missed    int    `json:"missed"`
	Code      string `json:"code"`
	MessageID string `json:"messageId"`
	TakenBack bool   `json:"takenBack"`
	Duplicate bool   `json:"duplicate"`
	Data      json.RawMessage
	Raw       string
	Close     int // code of a close frame
}

// FramePage is the part of a frame that contains a page.
type FramePage struct {
	Data []struct {
		Seq    uint64
		ID     string
		UserID string
	}
	More bool
	Next string
}

// Page parses the page in a message_history or roster frame.
func (f *Frame) Page(t *testing.T) (p FramePage) {
	t.Helper()
	if err := json.Unmarshal([]byte(f.Raw), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// ParseFrame parses the first frame of b, which a server wrote (RFC 6455 §5.2). ok is false if the frame is
// incomplete. The implementation is independent of package wire.
func ParseFrame(b []byte) (op byte, payload, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	n, h := int(b[1]), 2
	switch n {
	case 126:
		if len(b) < 4 {
			return 0, nil, nil, false
		}
		n, h = int(b[2])<<8|int(b[3]), 4
	case 127:
		if len(b) < 10 {
			return 0, nil, nil, false
		}
		n, h = 0, 10
		for _, x := range b[2:10] {
			n = n<<8 | int(x)
		}
	}
	if len(b) < h+n {
		return 0, nil, nil, false
	}
	return b[0] & 0xf, b[h : h+n], b[h+n:], true
}
