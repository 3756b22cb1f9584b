package ws

import (
	"net/url"
	"strconv"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// parseQuery fills in the room to join, and where to resume it, from ?room=, ?epoch= and ?since=. Of a
// query that cannot be read nothing is taken: a room whose name was garbled is not the default room.
func parseQuery(raw string, a *chat.ConnectRequest) (why Refusal, ok bool) {
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
