package publisher

import (
	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

type (
	AppendResult struct { // what became of an append
		*AppendRequest
		Receipt chat.Receipt
		Err     error
	}
)

type (
	JournalResult struct { // the journal has taken a write
		*AppendRequest
		At    int64  // ms, this node's clock
		First string // of a retry: the id that it was kept under
		Err   error
	}
)

type (
	WriteCommitted struct { // a write that was replayed, or appended again, is in the log
		Write   chat.Write
		Receipt chat.Receipt
	}
)

type (
	AppendRequest struct {
		Write   chat.Write
		ReplyTo *process.Process // receives the AppendResult or JournalResult
		Tag     any              // context of the caller, returned in the result; a pointer, so that boxing does not allocate
	}
)

type (
	commitTick struct{} // end of a nap: what is owed has waited for others long enough
)

// Kind is the kind of the bridge_out actor.
var Kind = process.Kind{Name: "bridge_out", Capacity: 16384, Parent: link.Kind.Name}

// JournalKind is the kind of the journal actor.
var JournalKind = process.Kind{Name: "journal", Capacity: 16384}
