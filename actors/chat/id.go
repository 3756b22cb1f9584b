package chat

import (
	"strconv"
	"strings"
)

// SplitID splits the id of an entry. seq is the position of the room when the id was made. write identifies one write
// of one client, and is the same on every node.
func SplitID(id string) (seq uint64, write string) {
	hint, write, cut := strings.Cut(id, "-")
	seq, err := strconv.ParseUint(hint, 36, 64)
	if err != nil || !cut {
		return 0, id
	}
	return seq, write
}

// WritePart returns the part of an id that a retry has in common with the first attempt.
func WritePart(id string) string {
	_, rest, _ := strings.Cut(id, "-")
	return rest
}

// Conflicts reports whether the entry stored under the key of w belongs to another request.
func (w *Write) Conflicts(stored string) bool {
	_, first := SplitID(stored)
	_, own := SplitID(w.ID)
	return first != own
}
