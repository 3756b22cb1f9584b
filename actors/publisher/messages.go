package publisher

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
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
		Write  chat.Write
		Room   *process.Process
		Client *fanout.Client
		Id     string                  // the client's correlation id
		Done   chan<- chat.WriteResult // for an API call instead of a client
	}
)

type (
	commitTick struct{} // end of a nap: what is owed has waited for others long enough
)

const (
	KindOut = "bridge_out"
)

const (
	KindJournal = "journal"
)
