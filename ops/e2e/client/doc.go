// Package client is a chat client that shares no code with the server: another WebSocket library, its own protocol types
// and tokens. Its observations are therefore evidence, and its audit is an oracle.
//
//	dial.go       the upgrade, or why it was refused
//	conn.go       messages and frames of one connection; answers pings, reports close codes
//	protocol.go   the frames of the protocol as JSON
//	session.go    one connection whose frames are collected and can be awaited
//	stream.go     one connection whose frames arrive through a channel
//	history.go    reads the whole history of a room, page by page
//	token.go      creates HS256 tokens
//	view.go       what one reader was shown, checked: one order, no gaps, no duplicates
//	view_read.go  the results of a view
//	reader.go     follows a room across lost connections and resumes
//	writer.go     sends at a rate, each message until it has a result
//	audit.go      compares acks, history and views
package client
