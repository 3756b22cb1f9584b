package chat

import (
	"chatnode/actors/wire"
)

// A EntryKind says what an entry of a room's log does.
type EntryKind uint8

// The kinds of entry. All of them take a place in the room's one order.
const (
	EntryMessage   EntryKind = iota + 1 // a new message
	KindEdit                            // a message's text replaced
	KindDelete                          // a message removed
	KindBulkDelete                      // all messages of a user removed
)

// An Entry is one place in a room's log as it stands now: the text of a message that was edited
// later is the newest one, and a message or edit whose text was deleted later has become a
// KindDelete of the same Seq that holds no text.
type Entry struct {
	Seq     uint64 // consecutive within the epoch, from 1
	Kind    EntryKind
	ID      string       // unique in the room: the message's id, or the edit's or deletion's own
	Message wire.Message // Message, Edit: the message as it stands after it; Delete: only the ID of what went
	UserID  string       // BulkDelete: whose messages went
	Count   int          // BulkDelete: how many went
}

// Missing reports whether the log no longer knows what stood in the place: a failover has lost it, or what had
// become of it was evicted.
func (e *Entry) Missing() bool { return e.ID == "" }

// A Write is a request to append one entry to a room's log.
type Write struct {
	Room   string
	Kind   EntryKind
	ID     string // the new entry's id, made by the node; kept when the write is tried again
	Key    string // idempotency: two writes to a room with one Key append once, within IDEMPOTENCY_WINDOW
	Target string // Edit, Delete: the message's id
	Hint   uint64 // Edit, Delete: the target's seq where the room knows it, else 0
	Text   string // Message, Edit
	Author Author // who writes
	UserID string // BulkDelete: whose messages go
	Tried  bool   // an earlier try may have been stored although nobody heard so
	Again  bool   // it was acknowledged and shown before, and the log has lost it since; a Key counts only if its entry is still there
	Floor  Floor  // the new entry's seq must be greater
}

// A Floor is the newest seq of an epoch that a node has shown. The log counts on from there where it
// has fallen behind, so that no seq is ever shown with two meanings.
type Floor struct {
	Epoch string
	Seq   uint64
}

// An Author is who writes. Admins may edit and delete what others wrote.
type Author struct {
	ID, Name, Avatar string
	Admin            bool
}

// A Receipt is what became of a Write.
type Receipt struct {
	Epoch     string
	Seq       uint64
	ID        string // the entry's id: of the first one where this was a duplicate
	Target    string // Edit, Delete: the message's id
	At        int64  // ms, the log's clock
	Duplicate bool   // the Key was there already; nothing was appended
	Refused   Refusal
}

// A Refusal says why the log did not take a write; the zero value: it did.
type Refusal uint8

// Why the log refuses a write.
const (
	NotRefused       Refusal = iota
	RefusedNotFound          // Edit, Delete: no such message, or it is deleted
	RefusedForbidden         // Edit, Delete: somebody else's message, and the author is no admin
)

// A Query asks for a part of a room's log.
type Query struct {
	Room   string
	After  uint64 // only seq > After
	Before uint64 // only seq < Before; 0: no upper end
	Limit  int    // at most so many entries
	Newest bool   // the newest Limit of them rather than the oldest
}

// A Page answers a Query.
type Page struct {
	Epoch   string
	Seq     uint64  // the newest seq that the room has given out
	First   uint64  // the oldest seq that the log still keeps; Seq+1 when it keeps none
	Entries []Entry // oldest first. Of a place that nothing is known of there is none or, but in the newest, a KindDelete without IDs
	More    bool    // there is more in the asked range, beyond the end that Limit cut
}

// Follows reports whether the page holds entries, from the one after seq on, without a hole.
func (p *Page) Follows(seq uint64) bool {
	for i := range p.Entries {
		if e := &p.Entries[i]; e.Seq != seq+uint64(i)+1 || e.Missing() {
			return false
		}
	}
	return len(p.Entries) > 0
}
