package chat

import (
	"iter"

	"chatnode/actors/wire"
)

// EntryKind is the type of an entry in the log of a room. The zero value is not a kind.
type EntryKind uint8

// Kinds of entry. All of them have a seq in the order of the room. Their numbers are stored in the embedded log.
const (
	EntryMessage    EntryKind = iota + 1 // a new message
	EntryEdit                            // the text of a message replaced
	EntryDelete                          // one message removed
	EntryBulkDelete                      // all messages of a user removed

	kindRows = iota + 1 // rows of kinds, with the unused row 0
)

// kindSpec defines a kind of entry.
type kindSpec struct {
	command     wire.CommandType // of a client that writes the entry
	frame       string           // type of the frame, and of the message on the bus, that delivers it
	code        string           // in the log of Redis and in the arguments of its scripts
	audit       string           // name of the audit event if an admin writes it; empty: no event
	hasText     bool             // the write has a text, and the entry contains a message
	needsTarget bool             // the write names a message by id
	fold        foldRule         // effect on the entries before it
}

// kinds is the only table of entry kinds. A new kind is a constant and a row here. The linter exhaustive and the tests
// in ops/docs/ADDING_A_COMMAND.md name each place that does not handle the kind yet.
var kinds = [kindRows]kindSpec{
	EntryMessage:    {command: wire.SendMessage, frame: "new_message", code: "m", hasText: true, fold: foldNothing},
	EntryEdit:       {command: wire.EditMessage, frame: "message_updated", code: "e", audit: "edit_message", hasText: true, needsTarget: true, fold: foldReplace},
	EntryDelete:     {command: wire.DeleteMessage, frame: "message_deleted", code: "d", audit: "delete_message", needsTarget: true, fold: foldRedact},
	EntryBulkDelete: {command: wire.BulkDelete, frame: "bulk_delete", code: "b", audit: "bulk_delete", fold: foldRedactUser},
}

// EntryKinds yields all kinds in ascending order.
func EntryKinds() iter.Seq[EntryKind] {
	return func(yield func(EntryKind) bool) {
		for k := EntryMessage; k.Valid(); k++ {
			if !yield(k) {
				return
			}
		}
	}
}

// Valid reports whether k is a kind.
func (k EntryKind) Valid() bool { return k >= EntryMessage && int(k) < len(kinds) }

// Command returns the command of a client that writes the entry.
func (k EntryKind) Command() wire.CommandType { return kinds[k].command }

// Frame returns the type of the frame, and of the message on the bus, that delivers the entry.
func (k EntryKind) Frame() string { return kinds[k].frame }

// Code returns the code of the kind in the log of Redis.
func (k EntryKind) Code() string { return kinds[k].code }

// AuditName returns the name of the audit event if an admin writes the entry; empty: none.
func (k EntryKind) AuditName() string { return kinds[k].audit }

// HasText reports whether the write has a text, and the entry contains a message.
func (k EntryKind) HasText() bool { return kinds[k].hasText }

// NeedsTarget reports whether the write names a message by id.
func (k EntryKind) NeedsTarget() bool { return kinds[k].needsTarget }

// KindOfCommand returns the kind that a command writes. ok is false for all other commands.
func KindOfCommand(c wire.CommandType) (k EntryKind, ok bool) {
	return kindWhere(func(s *kindSpec) bool { return s.command == c })
}

// KindOfFrame returns the kind of a message on the bus. ok is false for all other types.
func KindOfFrame(frame string) (k EntryKind, ok bool) {
	return kindWhere(func(s *kindSpec) bool { return s.frame == frame })
}

// KindOfCode returns the kind with a code of the log of Redis. ok is false for all other codes.
func KindOfCode(code string) (k EntryKind, ok bool) {
	return kindWhere(func(s *kindSpec) bool { return s.code == code })
}

func kindWhere(match func(*kindSpec) bool) (k EntryKind, ok bool) {
	for k := range EntryKinds() {
		if match(&kinds[k]) {
			return k, true
		}
	}
	return 0, false
}
