package actors

import (
	"slices"

	"chatnode/actors/wire"
)

// ControlDisconnect is the order to close every connection of a user.
const ControlDisconnect = "disconnect"

// clients knows every connection by its user, to find them for an admin's order.
type clients struct {
	byUser map[string][]*Client
}

const clientsBound = 16384

// Messages to clients, besides Control.
type (
	arrived  struct{ client *Client }
	departed struct{ client *Client }
)

// Receive implements Actor.
func (c *clients) Receive(_ *Process, msg any) {
	switch m := msg.(type) {
	case arrived:
		c.byUser[m.client.userID] = append(c.byUser[m.client.userID], m.client)
	case departed:
		c.depart(m.client)
	case Control:
		for _, client := range c.byUser[m.UserID] {
			client.session.Post(dismiss{wire.ClosePolicy, m.Reason})
		}
	}
}

func (c *clients) depart(client *Client) {
	left := slices.DeleteFunc(c.byUser[client.userID], func(o *Client) bool { return o == client })
	if len(left) == 0 {
		delete(c.byUser, client.userID)
		return
	}
	c.byUser[client.userID] = left
}
