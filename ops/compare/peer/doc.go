// Command peer is a chat server of the fewest lines, to put chatnode beside: one way to hand a message to
// the members of its room, and nothing else. It keeps no history, knows no users, and does nothing about
// clients that do not read. It speaks as much of the protocol as ops/loadtest needs to check it.
//
//	main.go         flags, the HTTP server
//	hall.go         the rooms, and what happens to a connection: joined, read, gone
//	room.go         a room: order, members; fanout: what the modes have to do
//	log.go          -mode log: a byte log of the room, and one goroutine that walks its members: the bound
//	writers.go      -mode writers: one coalescing writer goroutine for each connection
//	broadcaster.go  -mode broadcaster: gws's own Broadcaster
//
// In mode log each member gets all that it has not had in one write, and no goroutine is woken for a
// recipient: no server on these sockets can spend less on them. It is a bound and no design: one client
// that does not read holds up the room.
package main
