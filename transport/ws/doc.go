// Package ws is the WebSocket edge: GET /chat. It lets connections in, reads what their clients send
// and gives the actors the writing side of each socket.
//
//	server.go         NewHTTPServer: HTTP server with timeouts
//	edge.go           Server: handles GET /chat
//	options.go        Options of a Server
//	ports.go          interfaces that the Server needs: Client, Admit, Authenticate
//	check_request.go  all checks before the upgrade, in order
//	handshake.go      checks the WebSocket handshake
//	deflate_offer.go  checks the client's offer of permessage-deflate
//	query.go          room and position in the query
//	remote_ip.go      address of the client, behind trusted proxies
//	slots.go          MAX_CONNECTIONS, and the open connections
//	refusal.go        Refusal: why a request was rejected; problem document and counter
//	upgrade.go        upgrades a request to a connection
//	greeting.go       the 101 response, sent with the first frame
//	socket.go         the writing side of a connection; implements chat.Socket
//	attempt.go        one non-blocking write(2)
//	write_linux.go    write(2) on Linux
//	write_other.go    write(2) on other systems
//	tap.go            the connection as gws sees it
//	reader.go         the reader goroutine of a connection
//	events.go         handles frames that gws has read
//	close.go          close frames that gws would send
//	close_cause.go    CloseCause: why a reader ended
//	linger.go         the end of a connection: waits for the last write, then closes the socket
//	deflate.go        compresses a broadcast once
//	stats.go          Stats: counters of the server
//
// gws reads and never writes: the close frames it wants to send are handed to the actors, which
// write them behind all else, so nothing can fall into the middle of a frame that went out in part.
package ws
