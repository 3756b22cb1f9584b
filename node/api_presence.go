package node

import (
	"net/http"

	"chatnode/actors/wire"
)

type countsBody struct {
	Guests  int `json:"guests"`
	Members int `json:"members"`
	Admins  int `json:"admins"`
}

type userBody struct {
	UserID     string `json:"userId"`
	UserName   string `json:"userName,omitempty"` // missing where the user's node does not tell
	UserAvatar string `json:"userAvatar,omitempty"`
	Role       string `json:"role"`
}

type presenceBody struct {
	Room   string     `json:"room"`
	Counts countsBody `json:"counts"`
	Exact  bool       `json:"exact"`
	Users  []userBody `json:"users"`
	Next   string     `json:"next,omitempty"`
}

func (c *apiCall) presence() (*apiAnswer, error) {
	room, err := c.room()
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	cursor := c.r.URL.Query().Get("cursor")
	if cursor != "" && !wire.ValidUser(cursor) {
		return nil, problemBadField.withDetail("cursor")
	}
	page, err := c.node.core.Roster(c.r.Context(), room, cursor, limit)
	if err != nil {
		return nil, err
	}
	body := presenceBody{Room: room, Counts: countsBody(page.Counts), Exact: page.Exact, Users: make([]userBody, len(page.Users)), Next: page.Next}
	for i, u := range page.Users {
		body.Users[i] = userBody{u.ID, u.Name, u.Avatar, u.Role}
	}
	return &apiAnswer{http.StatusOK, body}, nil
}
