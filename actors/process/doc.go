// Package process runs actors on bounded mailboxes and supervises them. It uses the registry, the addresses, the dead
// letters and the event stream of a hollywood engine, and contains no terms of the chat.
//
//	process.go      Actor, BatchActor, Process: runs one actor
//	post.go         sends: TryPost, Post, WaitPost
//	inline.go       sends that run the receiver on the caller's goroutine
//	mailbox.go      the bounded queue of a process
//	linger.go       a delay so that more messages join a batch
//	ticker.go       a timer message with at most one pending
//	supervision.go  panics: back-off, and stop after too many
//	events.go       events on hollywood's event stream
//	unknown.go      messages that an actor does not handle
//	system.go       System, Kind, Spec: spawns processes and keeps statistics per kind
//	load.go         depth of the mailboxes per kind
//	snapshot.go     depth of the fullest mailboxes
package process
