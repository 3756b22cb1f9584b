// Package ws is the WebSocket server for GET /chat. It admits connections, reads the frames of clients, and gives the
// writing side of each socket to the actors.
//
//	server.go              Server: the http.Handler and its shutdown
//	http_server.go         NewHTTPServer: timeouts
//	options.go             Options, set by the node
//	ports.go               Client, Admit, Authenticate: the functions that the server calls
//	check_request.go       all checks before the upgrade, in order
//	handshake.go           check of the WebSocket headers
//	remote_ip.go           the IP address of the client
//	query.go               the parameters of the URL
//	deflate_offer.go       negotiation of permessage-deflate
//	refusal.go             Refusal: reasons for rejecting a request, as problem+json and as counters
//	slots.go               MAX_CONNECTIONS, and the open connections
//	upgrade.go             upgrades a request to a socket
//	upgrade_response.go    the 101 response
//	socket.go              the writing side (chat.Socket)
//	nonblocking_writer.go  one write(2) without blocking
//	write_linux.go         write(2) by a raw system call
//	write_other.go         write(2) on other systems
//	gws_conn.go            the reading side: the net.Conn of gws
//	reader.go              the reader goroutine, from the first frame to the last byte
//	linger.go              the end of the reader goroutine
//	events.go              handlers of the frames that gws has read
//	close.go               close frames of gws
//	close_cause.go         CloseCause: why a connection ended
//	deflate.go             one compression per broadcast
//	stats.go               Stats: counters
//
// gws only reads. The server passes the close frames that gws writes to the actors, which write them after all other
// frames. Therefore no frame is ever written into the middle of a partially written one.
package ws
