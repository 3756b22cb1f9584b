package node

import (
	"math"
	"net/http"
	"time"

	"chatnode/actors/wire"
)

// messageBody is a message as the protocol's message_history has it.
type messageBody struct {
	Seq        uint64 `json:"seq"`
	ID         string `json:"id"`
	UserID     string `json:"userId"`
	UserName   string `json:"userName"`
	UserAvatar string `json:"userAvatar"`
	Message    string `json:"message"`
	Timestamp  int64  `json:"timestamp"` // ms since the Unix epoch
	CreatedAt  string `json:"createdAt"`
	EditedAt   string `json:"editedAt,omitempty"`
}

type historyBody struct {
	Room  string        `json:"room"`
	Epoch string        `json:"epoch"`
	Seq   uint64        `json:"seq"`
	Data  []messageBody `json:"data"`
	More  bool          `json:"more"`
}

func newMessageBody(m *wire.HistoryItem) messageBody {
	b := messageBody{m.Seq, m.ID, m.UserID, m.UserName, m.UserAvatar, m.Text, m.At, isoTime(m.At), ""}
	if m.EditedAt != 0 {
		b.EditedAt = isoTime(m.EditedAt)
	}
	return b
}

// isoTime is a time in ms since the Unix epoch as clients see it.
func isoTime(ms int64) string { return time.UnixMilli(ms).UTC().Format(timestampFormat) }

func (c *apiCall) listMessages() (*apiAnswer, error) {
	room, err := c.room()
	if err != nil {
		return nil, err
	}
	before, err := c.number("before", 0, 1, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	page, err := c.node.core.History(c.r.Context(), room, before, limit)
	if err != nil {
		return nil, err
	}
	body := historyBody{Room: room, Epoch: page.At.Epoch, Seq: page.At.Seq, Data: make([]messageBody, len(page.Data)), More: page.More}
	for i := range page.Data {
		body.Data[i] = newMessageBody(&page.Data[i])
	}
	return &apiAnswer{http.StatusOK, body}, nil
}
