package fanout

import (
	"strings"

	"chatnode/actors/wire"
)

// Budget is the size of an outbox (OUTBOX_BYTES), from which the size limits of answers are derived. An answer must
// fit the outbox of a client whose socket is full. Otherwise clients could not join a room of long messages: they
// would be disconnected as slow consumers, also after a reconnect. So a page has fewer messages if they are long, and
// a resume that has missed more starts again with the newest messages.
//
// A page of history or of a roster gets half of the outbox. The missed entries of a resume get 5/8, and the
// provisional entries that follow either get 1/4. The rest is for small frames.
type Budget int64

func (b Budget) page() int { return int(b / 2) }

// Missed returns the limit of the entries that a resume sends, in bytes.
func (b Budget) Missed() int { return int(b * 5 / 8) }

// Provisional returns the limit of the provisional entries that a join sends, in bytes.
func (b Budget) Provisional() int { return int(b / 4) }

// messageOverhead is the approximate size of the field names, numbers and times of a message, in bytes. A user in a
// roster has userOverhead.
const (
	messageOverhead = 256
	userOverhead    = 64
)

// FrameSize returns the approximate size of a message in a frame, in bytes.
func FrameSize(m *wire.Message) int {
	return messageOverhead + len(m.ID) + jsonSize(m.UserID) + jsonSize(m.UserName) + jsonSize(m.UserAvatar) + jsonSize(m.Text)
}

// jsonSize returns the size of a text as JSON, in bytes. It ignores control characters, which are rare.
func jsonSize(s string) int {
	return len(s) + strings.Count(s, `"`) + strings.Count(s, `\`) + strings.Count(s, "\n") + 3*(strings.Count(s, "\u2028")+strings.Count(s, "\u2029"))
}

// CountFitting returns how many of the first n elements fit into limit bytes, at least 1. size returns the bytes of
// element i.
func CountFitting(n, limit int, size func(i int) int) int {
	for i := range n {
		if limit -= size(i); limit < 0 {
			return max(1, i)
		}
	}
	return n
}

// fitHistory returns the newest messages that fit into an answer, and whether there are older ones.
func (b Budget) fitHistory(data []wire.HistoryItem, more bool) ([]wire.HistoryItem, bool) {
	last := len(data) - 1
	n := CountFitting(len(data), b.page(), func(i int) int { return FrameSize(&data[last-i].Message) })
	return data[len(data)-n:], more || n < len(data)
}

// FitRoster returns the first users that fit into an answer, and the cursor of the next page.
func (b Budget) FitRoster(users []wire.User, next string) ([]wire.User, string) {
	n := CountFitting(len(users), b.page(), func(i int) int {
		u := &users[i]
		return userOverhead + jsonSize(u.ID) + jsonSize(u.Name) + jsonSize(u.Avatar)
	})
	if n < len(users) {
		next = users[n-1].ID
	}
	return users[:n], next
}

// HistoryFrame returns a sealed page of history with as many of the newest messages as fit into one answer.
func (b Budget) HistoryFrame(id, room string, at wire.Position, data []wire.HistoryItem, more bool) []byte {
	data, more = b.fitHistory(data, more)
	size := 256
	for i := range data {
		size += 280 + len(data[i].Text)
	}
	return wire.Seal(wire.AppendHistory(wire.Begin(make([]byte, 0, size)), id, room, at, data, more))
}
