package node

import (
	"net/http"
	"strings"

	"chatnode/actors/chat"
	roompkg "chatnode/actors/room"
	"chatnode/actors/wire"
)

// maxUserName is the longest name of a message's author, in runes: that of a token.
const maxUserName = 64

// storedBody answers a write. Seq is missing while the write waits in the journal for its place.
type storedBody struct {
	Room      string `json:"room"`
	MessageID string `json:"messageId,omitempty"`
	Seq       uint64 `json:"seq,omitempty"`
	Stored    string `json:"stored"`
	Duplicate bool   `json:"duplicate,omitempty"`
}

func (c *apiCall) postMessage() (*apiAnswer, error) {
	room, err := c.room()
	if err != nil {
		return nil, err
	}
	var in struct {
		ID       string `json:"id"`
		UserID   string `json:"userId"`
		UserName string `json:"userName"`
		Message  string `json:"message"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	id, err := c.idempotencyKey(in.ID)
	if err != nil {
		return nil, err
	}
	if !wire.ValidUser(in.UserID) {
		return nil, problemBadField.withDetail("userId")
	}
	name, code := wire.CleanText(in.UserName, maxUserName)
	if code != wire.CodeNone || strings.Contains(name, "\n") {
		return nil, problemBadField.withDetail("userName")
	}
	return c.write(http.StatusCreated, roompkg.APIWrite{
		Room: room, Kind: chat.EntryMessage, ID: id, Author: chat.Author{ID: in.UserID, Name: name}, Message: in.Message,
	})
}

func (c *apiCall) editMessage() (*apiAnswer, error) {
	w, err := c.amendment(chat.EntryEdit)
	if err != nil {
		return nil, err
	}
	var in struct {
		Message string `json:"message"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	w.Message = in.Message
	return c.write(http.StatusOK, w)
}

func (c *apiCall) deleteMessage() (*apiAnswer, error) {
	w, err := c.amendment(chat.EntryDelete)
	if err != nil {
		return nil, err
	}
	return c.write(http.StatusOK, w)
}

// amendment is an edit or deletion of the path's message.
func (c *apiCall) amendment(kind chat.EntryKind) (w roompkg.APIWrite, err error) {
	w = roompkg.APIWrite{Kind: kind, Author: c.who.author()}
	if w.Room, err = c.room(); err != nil {
		return w, err
	}
	if w.Target, err = c.message(); err != nil {
		return w, err
	}
	w.ID, err = c.idempotencyKey("")
	return w, err
}

func (c *apiCall) bulkDelete() (*apiAnswer, error) {
	w := roompkg.APIWrite{Kind: chat.EntryBulkDelete, Author: c.who.author()}
	var err error
	if w.Room, err = c.room(); err != nil {
		return nil, err
	}
	if w.UserID, err = c.user(); err != nil {
		return nil, err
	}
	if w.ID, err = c.idempotencyKey(""); err != nil {
		return nil, err
	}
	return c.write(http.StatusOK, w)
}

// idempotencyKey is the body's id or that of the header Idempotency-Key; empty: there is none.
func (c *apiCall) idempotencyKey(id string) (string, error) {
	header := c.r.Header.Get("Idempotency-Key")
	switch {
	case header != "" && id != "" && id != header:
		return "", problemBadField.withDetail("id and Idempotency-Key differ")
	case header != "":
		id = header
	}
	if id != "" && !wire.ValidID(id) {
		return "", problemBadField.withDetail("id")
	}
	return id, nil
}

// write hands a write to its room and answers with what became of it.
func (c *apiCall) write(status int, w roompkg.APIWrite) (*apiAnswer, error) {
	o, err := c.node.core.Write(c.r.Context(), w)
	if err != nil {
		return nil, err
	}
	if o.Code != wire.CodeNone {
		return nil, codeProblem(o.Code)
	}
	body := storedBody{Room: w.Room, MessageID: o.Ack.MessageID, Seq: o.Ack.Seq, Stored: o.Ack.Stored, Duplicate: o.Ack.Duplicate}
	if w.Kind == chat.EntryBulkDelete {
		body.MessageID = ""
	}
	return &apiAnswer{status, body}, nil
}
