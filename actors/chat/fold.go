package chat

import (
	"chatnode/actors/wire"
)

// Fold applies e to the entries before it. An edit replaces the message in every entry that contains it. A deletion
// leaves only the id. A message changes nothing. The cost is one visit for each entry.
func Fold(entries []Entry, e *Entry) {
	switch e.Kind {
	case EntryMessage:
	case KindEdit:
		for i := range entries {
			if o := &entries[i]; o.shows(e.Message.ID) {
				o.Message = e.Message
			}
		}
	case KindDelete:
		for i := range entries {
			if o := &entries[i]; o.shows(e.Message.ID) {
				o.redact()
			}
		}
	case KindBulkDelete:
		for i := range entries {
			if o := &entries[i]; o.hasText() && o.Message.UserID == e.UserID {
				o.redact()
			}
		}
	}
}

// hasText reports whether the entry contains the text of a message.
func (e *Entry) hasText() bool { return e.Kind == EntryMessage || e.Kind == KindEdit }

// shows reports whether the entry contains the text of the message with the id.
func (e *Entry) shows(id string) bool { return e.hasText() && e.Message.ID == id }

// redact removes the text and the author, and leaves the id.
func (e *Entry) redact() { e.Kind, e.Message = KindDelete, wire.Message{ID: e.Message.ID} }
