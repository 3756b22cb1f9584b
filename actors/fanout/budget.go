package fanout

import (
	"strings"

	"chatnode/actors/wire"
)

// An answer must fit the outbox of a client whose socket is full, or a room of long messages would be one that
// nobody on an ordinary network can join: who does is cut as a slow consumer, and again when it comes
// back. So a page is shorter where its messages are long, and a resume that has missed more begins anew.
//
// The shares of OUTBOX_BYTES: a page of history or of a roster gets half of it, what a resume has missed five
// eighths, and what a join is shown of the journal beside either a quarter. The rest is for what is small.
type Budget int64

func (b Budget) page() int        { return int(b / 2) }
func (b Budget) Missed() int      { return int(b * 5 / 8) }
func (b Budget) Provisional() int { return int(b / 4) }

// frameFields is about what the names of a message's fields, its numbers and its times take, in bytes.
const frameFields = 256

// FrameSize is about the size of a message in a frame, in bytes.
func FrameSize(m *wire.Message) int {
	return frameFields + len(m.ID) + jsonSize(m.UserID) + jsonSize(m.UserName) + jsonSize(m.UserAvatar) + jsonSize(m.Text)
}

// jsonSize is the size of a text as JSON, in bytes. It may hold more that is escaped, which is rare.
func jsonSize(s string) int {
	return len(s) + strings.Count(s, `"`) + strings.Count(s, `\`) + strings.Count(s, "\n") + 3*(strings.Count(s, "\u2028")+strings.Count(s, "\u2029"))
}

// CountFitting is how many elements of a list fit into so many bytes, one at least: the first ones of n, each of
// the size that it is said to have.
func CountFitting(n, bytes int, size func(i int) int) int {
	for i := range n {
		if bytes -= size(i); bytes < 0 {
			return max(1, i)
		}
	}
	return n
}

// newestThatFit is the end of a page of history that fits into an answer, and whether there is more before it.
func (b Budget) newestThatFit(data []wire.HistoryItem, more bool) ([]wire.HistoryItem, bool) {
	last := len(data) - 1
	n := CountFitting(len(data), b.page(), func(i int) int { return FrameSize(&data[last-i].Message) })
	return data[len(data)-n:], more || n < len(data)
}

// FirstThatFit is the beginning of a page of a roster that fits into an answer, and its cursor.
func (b Budget) FirstThatFit(users []wire.User, next string) ([]wire.User, string) {
	n := CountFitting(len(users), b.page(), func(i int) int {
		u := &users[i]
		return frameFields/4 + jsonSize(u.ID) + jsonSize(u.Name) + jsonSize(u.Avatar)
	})
	if n < len(users) {
		next = users[n-1].ID
	}
	return users[:n], next
}

// HistoryFrame is a page of history, shorter where it would be too long for one answer.
func (b Budget) HistoryFrame(id, room string, at wire.Position, data []wire.HistoryItem, more bool) []byte {
	data, more = b.newestThatFit(data, more)
	size := 256
	for i := range data {
		size += 280 + len(data[i].Text)
	}
	return wire.Seal(wire.AppendHistory(wire.Begin(make([]byte, 0, size)), id, room, at, data, more))
}

const (
	JoinSlots = 4 // that a join holds of them until it is answered: the answer is a long one
)

func Begin() []byte        { return wire.Begin(make([]byte, 0, 256)) }
func Seal(b []byte) []byte { return wire.Seal(b) }
