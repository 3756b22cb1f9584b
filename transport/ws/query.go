package ws

import (
	"net/url"
	"strconv"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// parseQuery sets the room to join and the position to resume from ?room=, ?epoch= and ?since=. It rejects a
// malformed query as a whole, so that a client with a garbled room does not join the default room.
func parseQuery(raw string, a *chat.ConnectRequest) (reason Refusal, ok bool) {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return RefusedQuery, false
	}
	if q.Has("room") {
		a.Room = q.Get("room")
		if !wire.ValidRoom(a.Room) {
			return RefusedRoom, false
		}
	}
	if !q.Has("since") && !q.Has("epoch") {
		return 0, true
	}
	seq, err := strconv.ParseUint(q.Get("since"), 10, 64)
	epoch := q.Get("epoch")
	if err != nil || !wire.ValidID(epoch) {
		return RefusedSince, false
	}
	a.Since, a.HasSince = wire.Position{Epoch: epoch, Seq: seq}, true
	return 0, true
}
