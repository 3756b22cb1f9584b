package session

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// Directory knows the connections of each user. It closes them when a moderator disconnects the user.
type Directory struct {
	byUser map[string][]*fanout.Client
}

// NewDirectory returns an empty Directory.
func NewDirectory() *Directory { return &Directory{byUser: map[string][]*fanout.Client{}} }

// Receive implements Actor.
func (d *Directory) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case clientConnected:
		d.onClientConnected(m)
	case clientDisconnected:
		d.onClientDisconnected(m)
	case chat.Control:
		d.onDisconnect(m)
	default:
		self.Unknown(msg)
	}
}

func (d *Directory) onClientConnected(m clientConnected) {
	id := m.client.UserID
	d.byUser[id] = append(d.byUser[id], m.client)
}

func (d *Directory) onClientDisconnected(m clientDisconnected) {
	id := m.client.UserID
	rest := slices.DeleteFunc(d.byUser[id], func(c *fanout.Client) bool { return c == m.client })
	if len(rest) == 0 {
		delete(d.byUser, id)
		return
	}
	d.byUser[id] = rest
}

func (d *Directory) onDisconnect(m chat.Control) {
	for _, c := range d.byUser[m.UserID] {
		c.Session.Post(&CloseSession{wire.ClosePolicy, m.Reason})
	}
}
