// Package fanout writes frames to the connections of the node. A few writers share the connections. None of them waits
// for a connection: if a socket is full, its client gets an outbox, which is a process that may block.
//
//	messages.go     messages to the writer, and the kinds
//	deps.go         Config
//	writer.go       Writer: one actor that owns a share of the connections
//	clients.go      the clients of a writer: attach, close, detach
//	unicast.go      frames for one client
//	broadcast.go    frames for a room or for all clients
//	group.go        group: the members of a room on one writer, and the frames that they have not received
//	pass.go         pass: writes to the members of all groups that have unsent frames
//	keepalive.go    pings to silent clients, and their timeout
//	drain.go        closes all clients within a time window when the node stops
//	slow_client.go  moves a client to its outbox and back
//	outbox.go       outbox: queue and blocking writes of one slow client
//	client.go       Client: one connection; what other actors call
//	budget.go       Budget: size limits of an answer
//	frame.go        buffers of frames
//
// fanout does not know rooms, sessions or the protocol. It gets complete frames and does not decode them.
package fanout
