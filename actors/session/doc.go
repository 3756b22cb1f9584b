// Package session speaks the client protocol on one connection. It checks the limits and rights of a user, and sends
// commands that it cannot answer itself to the room or to the presence tracker.
//
//	messages.go      messages to a session and to the directory, and their kinds
//	deps.go          Deps, Config
//	admit.go         Admitter: starts the session of a connection
//	conn.go          Conn: what the reader of a connection calls
//	session.go       Session: one actor per connection, from the first frame to its end
//	command.go       dispatch of commands, and error frames
//	rooms.go         the rooms that the session has joined: join, leave, messages to them
//	query.go         history, who, typing
//	write.go         checks of a write
//	rate_limit.go    tokenBucket: limit of writes
//	auth.go          new tokens, and the expiry of a token
//	directory.go     Directory: the connections of each user
//
// A command that waits for an answer holds a slot of the session's mailbox. If all slots are taken, the reader of the
// connection blocks, so a client that does not read its answers is limited by TCP.
//
// session does not access the log, and does not know the state of a room.
package session
