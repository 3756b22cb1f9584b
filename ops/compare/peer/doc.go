// Command peer is a minimal chat server, a reference for the cost of chatnode. It only sends messages to the members
// of a room: it has no history and no users, and does not handle slow consumers. It implements the part of the
// protocol that ops/loadtest checks.
//
//	main.go     flags, the HTTP server
//	server.go   connections: join, messages, close
//	room.go     room: order of messages, members; -mode broadcaster: the Broadcaster of gws
//	log.go      -mode log: a byte log per room, and one goroutine that writes it to the members
//	writers.go  -mode writers: one goroutine per connection, which writes all queued frames at once
//
// Mode log is the lower bound: each write contains all frames that the member has not received, and no goroutine is
// woken per member. It is not a usable design, because one client that does not read blocks its room.
package main
