package chat

import (
	"chatnode/actors/wire"
)

// foldRule is the effect of an entry on the entries before it.
type foldRule uint8

const (
	foldNothing    foldRule = iota + 1
	foldReplace             // replaces the message in every entry that contains it
	foldRedact              // removes the message from every entry that contains it
	foldRedactUser          // removes all messages of the user
)

// Fold applies e to the entries before it. An edit replaces the message in every entry that contains it. A deletion
// leaves only the id. A message changes nothing. The cost is one visit for each entry.
func Fold(entries []Entry, e *Entry) {
	rule := kinds[e.Kind].fold
	if rule == foldNothing {
		return
	}
	for i := range entries {
		o := &entries[i]
		if !o.Kind.HasText() {
			continue
		}
		same := o.Message.ID == e.Message.ID
		switch rule {
		case foldNothing:
		case foldReplace:
			if same {
				o.Message = e.Message
			}
		case foldRedact:
			if same {
				o.redact()
			}
		case foldRedactUser:
			if o.Message.UserID == e.UserID {
				o.redact()
			}
		}
	}
}

// redact turns the entry into a deletion, which has neither text nor author.
func (e *Entry) redact() { e.Kind, e.Message = EntryDelete, wire.Message{ID: e.Message.ID} }
