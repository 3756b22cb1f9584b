// Package client is a chat client that shares nothing with the server: its own WebSocket over
// net.Conn (RFC 6455), its own reading of the protocol, its own tokens. What it sees is therefore
// evidence, and the audit is an oracle.
//
//	frame.go     one WebSocket frame, in and out
//	dial.go      the upgrade, or why it was refused
//	conn.go      text messages over one connection; pings answered, close codes told
//	protocol.go  the frames of the protocol, as JSON
//	session.go   one connection whose frames are collected and can be awaited
//	history.go   reads a room's whole history, page by page
//	token.go     mints HS256 tokens
//	view.go      what one reader makes of all it was shown: one order, gaps, doubles
//	reader.go    follows a room across lost connections, resuming where it was
//	writer.go    writes in a closed loop: each message is sent until it is acknowledged
//	audit.go     acknowledged against history against views
package client
