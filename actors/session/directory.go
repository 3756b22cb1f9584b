package session

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Clients knows every connection by its user, to find them for an admin's order.
type Clients struct {
	ByUser map[string][]*fanout.Client
}

// Messages to clients, besides Control.
type (
	clientConnected    struct{ client *fanout.Client }
	clientDisconnected struct{ client *fanout.Client }
)

// Receive implements Actor.
func (c *Clients) Receive(_ *process.Process, msg any) {
	switch m := msg.(type) {
	case clientConnected:
		c.ByUser[m.client.UserID] = append(c.ByUser[m.client.UserID], m.client)
	case clientDisconnected:
		c.depart(m.client)
	case chat.Control:
		for _, client := range c.ByUser[m.UserID] {
			client.Session.Post(CloseSession{wire.ClosePolicy, m.Reason})
		}
	}
}

func (c *Clients) depart(client *fanout.Client) {
	left := slices.DeleteFunc(c.ByUser[client.UserID], func(o *fanout.Client) bool { return o == client })
	if len(left) == 0 {
		delete(c.ByUser, client.UserID)
		return
	}
	c.ByUser[client.UserID] = left
}
