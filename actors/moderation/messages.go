package moderation

import (
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Kind is the kind of the moderator actor.
var Kind = process.Kind{Name: "sanctions", Capacity: 4096}

// Messages to the moderator. All of them are sent as pointers, also *chat.Control of the dispatcher.
type (
	// disconnectRequest disconnects a user on all nodes. It is answered when this node has received the order from the
	// bus, which proves that it was published.
	disconnectRequest struct {
		control chat.Control
		reply   chan<- process.Answer[struct{}]
	}
	sanctionApplied struct{ request *sanctionRequest } // the store has carried it out, or request.err is set
	sanctionsResult struct {                           // result of a sanctionsRequest
		list    []chat.Sanction
		version string
		changed bool // list and version differ from the known ones
		err     error
	}
	pollTick              struct{}                             // check for changed sanctions
	disconnectTimeoutTick struct{ request *disconnectRequest } // EchoTimeout has passed
)

func (r *disconnectRequest) finish(err error) { r.reply <- process.Answer[struct{}]{Err: err} }
