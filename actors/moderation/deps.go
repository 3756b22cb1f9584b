package moderation

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Deps are the dependencies of the moderator and of the Service. The addresses must be set before the moderator is
// launched.
type Deps struct {
	System      *process.System
	Link        *link.Health
	Port        chat.Sanctions // nil: the node has no sanctions
	Register    *Register
	EchoTimeout time.Duration // limit from publishing an order until this node receives it

	Moderator, Directory, Publisher, Store *process.Process
}
