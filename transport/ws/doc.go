// Package ws is the WebSocket edge: GET /chat. It lets connections in, reads what their clients send
// and gives the actors the writing side of each socket.
//
//	edge.go       Edge: what net/http calls, and the end of it
//	options.go    what the node decides; ports.go: what the edge needs of the others
//	screen.go     all that is checked before the upgrade, in order
//	refusal.go    why a request is refused, as problem+json and as a counter
//	origin.go, address.go, handshake.go, offer.go, arrival.go   one check each
//	slots.go      MAX_CONNECTIONS, and the connections that are open
//	upgrade.go    from a request to a socket; greeting.go: the 101 response
//	socket.go     the writing side (actors.Socket); attempt.go, write_linux.go: one write(2) that never waits
//	tap.go        the reading side: what gws takes for its net.Conn
//	reader.go     the read goroutine, from the first frame to the last byte; linger.go: its end
//	events.go     what gws has read
//	ending.go     why a connection's read loop ended; close.go: the close frames of gws
//	deflate.go    one compression a broadcast; stats.go: counters; server.go: timeouts
//
// gws reads and never writes: the close frames it wants to send are handed to the actors, which
// write them behind all else, so nothing can fall into the middle of a frame that went out in part.
package ws
