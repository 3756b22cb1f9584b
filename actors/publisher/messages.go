package publisher

import (
	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Messages to the publisher. It also receives chat.Signal, *link.StateChanged and *link.ReplayRequest.
type (
	// AppendRequest appends a write to the log, or to the journal while Redis is unavailable. It is answered by
	// AppendResult or JournalResult. The publisher owns the request until then.
	AppendRequest struct {
		Write   chat.Write
		ReplyTo *process.Process
		Tag     any // context of the caller, returned in the result; a pointer, because boxing other types allocates
	}
	// FloorUpdate reports the newest entry that a room has displayed.
	FloorUpdate struct {
		Room  string
		Floor chat.Floor
	}
	// VerifyNow reports that the log of a room was reset or went back, so that acknowledged writes may be lost.
	VerifyNow struct{}

	writeFound struct { // from the journal: the log already contains this write
		write   chat.Write
		receipt chat.Receipt
	}
	replayBatch  struct{ writes []chat.Write }  // from the journal: append these in order
	journalEmpty struct{ acceptedCount uint64 } // from the journal: all accepted writes are replayed
	verifyResult struct {                       // answers verifyRequest
		lost []chat.Write // oldest first
		err  error
	}
	commitTick      struct{} // end of a Linger
	verifyTick      struct{} // every verifyInterval
	verifyRetryTick struct{} // the target of a refused edit or deletion may have been restored
)

// Results, to the sender of an AppendRequest.
type (
	// AppendResult is the result of an append to the log.
	AppendResult struct {
		*AppendRequest
		Receipt chat.Receipt
		Err     error // not appended, or with an unknown result
	}
	// JournalResult is the result of an append to the journal.
	JournalResult struct {
		*AppendRequest
		At    int64  // ms, clock of this node
		First string // id of the stored write if this is a retry; empty: not a retry
		Err   error  // not stored
	}
	// WriteCommitted tells a room that the log contains a write of the journal, or a write that was lost.
	WriteCommitted struct {
		Write   chat.Write
		Receipt chat.Receipt
	}
)

// Messages to the journal. It also receives *AppendRequest and *link.ReplayRequest.
type (
	replayResult struct { // answers replayBatch
		receipts []chat.Receipt
		err      error
	}
	findResult struct { // answers findRequest
		*findRequest
		found map[string]chat.Receipt // by write id
		err   error
	}
)

// Kind is the kind of the publisher.
var Kind = process.Kind{Name: "bridge_out", Capacity: 16384, Parent: link.Kind.Name}

// JournalKind is the kind of the journal.
var JournalKind = process.Kind{Name: "journal", Capacity: 16384}
