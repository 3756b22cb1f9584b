package chat

import (
	"strconv"
	"strings"
)

// An entry's id is made of the room's position at the time, and a part that is the same on every node
// for one client's one write: see room.newID. So the log can be searched from the position on.

// SplitID is the position in an id, and the part that identifies the write.
func SplitID(id string) (seq uint64, write string) {
	hint, write, cut := strings.Cut(id, "-")
	seq, err := strconv.ParseUint(hint, 36, 64)
	if err != nil || !cut {
		return 0, id
	}
	return seq, write
}

// WritePart is what of an id stays the same when a client tries a write again.
func WritePart(id string) string {
	_, rest, _ := strings.Cut(id, "-")
	return rest
}

// Conflicts reports whether what was stored under the write's key is the answer to another request: an
// ack would say that this one was carried out.
func (w *Write) Conflicts(stored string) bool {
	_, first := SplitID(stored)
	_, own := SplitID(w.ID)
	return first != own
}
