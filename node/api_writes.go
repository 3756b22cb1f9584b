package node

import (
	"net/http"
	"strings"

	"chatnode/actors"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// maxUserName is the maximum length of an author's name in runes, as for a token.
const maxUserName = 64

// storedBody is the result of a write. Seq is missing while the write is in the journal.
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
	if err := c.decodeBody(&in); err != nil {
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
	return c.write(http.StatusCreated, actors.APIWrite{
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
	if err := c.decodeBody(&in); err != nil {
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

// amendment returns an edit or deletion of the message in the path.
func (c *apiCall) amendment(kind chat.EntryKind) (w actors.APIWrite, err error) {
	w = actors.APIWrite{Kind: kind, Author: c.caller.author()}
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
	w := actors.APIWrite{Kind: chat.EntryBulkDelete, Author: c.caller.author()}
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

// idempotencyKey returns the header Idempotency-Key, or else the id of the body. Both may be missing.
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

// write sends a write to its room and waits for the result.
func (c *apiCall) write(status int, w actors.APIWrite) (*apiAnswer, error) {
	result, err := c.node.core.Write(c.r.Context(), w)
	if err != nil {
		return nil, err
	}
	if result.Code != wire.CodeNone {
		return nil, codeProblem(result.Code)
	}
	body := storedBody{Room: w.Room, MessageID: result.Ack.MessageID, Seq: result.Ack.Seq, Stored: result.Ack.Stored, Duplicate: result.Ack.Duplicate}
	if w.Kind == chat.EntryBulkDelete {
		body.MessageID = ""
	}
	return &apiAnswer{status, body}, nil
}
