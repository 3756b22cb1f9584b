package node

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"chatnode/actors/chat"
	"chatnode/actors/moderation"
)

type slowModeBody struct {
	Room      string `json:"room"`
	PerUserMs int64  `json:"perUserMs"`
}

func (c *apiCall) slowMode() (*apiAnswer, error) {
	room, err := c.room()
	if err != nil {
		return nil, err
	}
	var in struct {
		PerUserMs *int64 `json:"perUserMs"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	if in.PerUserMs == nil || *in.PerUserMs < 0 || *in.PerUserMs > maxPerUserMs {
		return nil, problemBadField.withDetail("perUserMs")
	}
	if *in.PerUserMs == 0 {
		err = c.node.core.Lift(c.r.Context(), chat.SlowMode, room)
		if errors.Is(err, moderation.ErrNoSanction) { // it is off already
			err = nil
		}
	} else {
		_, err = c.node.core.Impose(c.r.Context(), chat.Sanction{Kind: chat.SlowMode, Subject: room, By: c.who.id, PerUserMs: *in.PerUserMs}, 0)
	}
	if err != nil {
		return nil, err
	}
	return &apiAnswer{http.StatusOK, slowModeBody{room, *in.PerUserMs}}, nil
}

// sanctions lists those that hold. A cursor is the kind and the subject of the last one, with a colon.
func (c *apiCall) sanctions() (*apiAnswer, error) {
	q := c.r.URL.Query()
	kinds := []chat.SanctionKind{"", chat.Ban, chat.Mute, chat.SlowMode}
	kind := chat.SanctionKind(q.Get("kind"))
	if !slices.Contains(kinds, kind) {
		return nil, problemBadField.withDetail("kind")
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	var after chat.Sanction
	if cursor := q.Get("cursor"); cursor != "" {
		of, subject, ok := strings.Cut(cursor, ":")
		if after = (chat.Sanction{Kind: chat.SanctionKind(of), Subject: subject}); !ok || !after.Valid() {
			return nil, problemBadField.withDetail("cursor")
		}
	}
	list, more := c.node.core.ListSanctions(kind, after, limit)
	body := sanctionsBody{Data: make([]sanctionBody, len(list))}
	for i := range list {
		body.Data[i] = newSanctionBody(&list[i])
	}
	if more {
		last := list[len(list)-1]
		body.Next = string(last.Kind) + ":" + last.Subject
	}
	return &apiAnswer{http.StatusOK, body}, nil
}
