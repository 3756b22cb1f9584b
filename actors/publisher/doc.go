// Package publisher contains the two actors of the write path. The publisher (process kind bridge_out) appends writes
// to the log in batches. The journal stores writes on the disk of this node while Redis is unavailable, and replays
// them afterwards.
//
// The package must not know the callers of AppendRequest: their context is the opaque Tag of the request.
//
// Files:
//
//	messages.go        requests, results and internal messages of both actors, kinds
//	deps.go            Deps and Config
//	publisher.go       Publisher: receives writes and signals, and decides between the log and the journal
//	append.go          Publisher: appends batches, publishes signals, handles batches with an unknown result
//	pace.go            groupCommit: delays commits of a log that needs an fsync for each of them
//	acked.go           ackedLog: writes that were acknowledged in the last minute
//	floors.go          Publisher: newest known seq of each room
//	recheck.go         Publisher: finds acknowledged writes that a failover has lost, and appends them again
//	replay.go          Publisher: appends the pages of the journal
//	journal.go         Journal: stores writes on disk
//	journal_replay.go  Journal: sends its writes to the publisher, oldest first
//	find.go            requests to the store: which writes are in the log
//	index.go           writeIndex: positions of the writes in the log, for one replay
package publisher
