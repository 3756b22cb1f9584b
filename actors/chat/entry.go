package chat

import (
	"chatnode/actors/wire"
)

// Entry is one place in the log of a room, in its current state. If a message was edited later, Message contains the
// newest text. If it was deleted later, the entry has become a deletion of the same seq, without text.
type Entry struct {
	Seq     uint64 // consecutive within the epoch, from 1
	Kind    EntryKind
	ID      string       // unique in the room: the id of the message, or of the edit or deletion itself
	Message wire.Message // message, edit: the message after this entry; deletion: only the id of the deleted message
	UserID  string       // bulk deletion: author of the deleted messages
	Count   int          // bulk deletion: number of deleted messages
}

// Missing reports whether the log no longer has the entry, because a failover lost it or its state was evicted.
func (e *Entry) Missing() bool { return e.ID == "" }

// Write is a request to append one entry to the log of a room.
type Write struct {
	Room   string
	Kind   EntryKind
	ID     string // id of the new entry, made by the node; a retry has the same id
	Key    string // idempotency: two writes to a room with the same key append once, within IDEMPOTENCY_WINDOW
	Target string // edit, deletion: id of the message
	Hint   uint64 // edit, deletion: seq of the target if the room knows it, otherwise 0
	Text   string // message, edit
	Author Author // user who writes
	UserID string // bulk deletion: author of the messages to delete
	Tried  bool   // an earlier attempt may have been stored without a result
	Again  bool   // acknowledged and displayed before, and lost by the log since; the key counts only if its entry still exists
	Floor  Floor  // the seq of the new entry must be greater
}

// Floor is the newest seq of an epoch that a node has displayed. A log that lost entries continues after it, so that
// no seq is displayed with two meanings.
type Floor struct {
	Epoch string
	Seq   uint64
}

// Author is the user of a write. Admins may edit and delete messages of others.
type Author struct {
	ID, Name, Avatar string
	Admin            bool
}

// Receipt is the result of a Write.
type Receipt struct {
	Epoch     string
	Seq       uint64
	ID        string // id of the entry; for a duplicate, of the first one
	Target    string // edit, deletion: id of the message
	At        int64  // ms, clock of the log
	Duplicate bool   // the key exists; nothing was appended
	Refused   Refusal
}

// Refusal is the reason for which the log rejected a write.
type Refusal uint8

// Why the log refuses a write.
const (
	NotRefused       Refusal = iota
	RefusedNotFound          // edit, deletion: the message does not exist or is deleted
	RefusedForbidden         // edit, deletion: the author is neither the author of the message nor an admin
)

// Query selects a part of the log of a room.
type Query struct {
	Room   string
	After  uint64 // only seq > After
	Before uint64 // only seq < Before; 0: no upper end
	Limit  int    // maximum number of entries
	Newest bool   // return the newest Limit entries instead of the oldest
}

// Page is the result of a Query.
type Page struct {
	Epoch   string
	Seq     uint64  // newest seq of the room
	First   uint64  // oldest seq in the log; Seq+1 if the log is empty
	Entries []Entry // oldest first; an unknown place is omitted, or is a deletion without ids if it is not the newest
	More    bool    // the range contains more entries beyond the end that Limit cut
}

// Follows reports whether the entries begin directly after seq and have no gap.
func (p *Page) Follows(seq uint64) bool {
	for i := range p.Entries {
		if e := &p.Entries[i]; e.Seq != seq+uint64(i)+1 || e.Missing() {
			return false
		}
	}
	return len(p.Entries) > 0
}
