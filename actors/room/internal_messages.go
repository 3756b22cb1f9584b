package room

import (
	"chatnode/actors/chat"
)

// Messages of the directory to a room.
type (
	routedMessage struct{ msg any } // counts msg as received through the directory
	retireRoom    struct{}          // the room was removed from the directory
)

// logPageResult answers logPageRequest.
type logPageResult struct {
	query  chat.Query
	page   chat.Page
	err    error
	resume *JoinRequest // join for which the page was read; nil: the page is for the timeline
}

// Timer messages of a room.
type (
	openTick     struct{}             // subscribe and open again after a failure
	presenceTick struct{}             // a presence notice may be sent
	deliveryTick struct{}             // the first pending delivery is overdue
	readTick     struct{ seq uint64 } // repeat a failed read of the entries up to seq
	idleTick     struct{}             // retire if idle, else check the log
)
