// Package wire spells the client protocol: JSON text, one object a WebSocket frame. Nothing else
// in the module knows a field's name, an error's text or a frame's header.
//
//	protocol.go                  the values that commands and frames carry
//	decode*.go, command_type.go  a client's frame -> Command, in one pass
//	lexer.go, lex_*.go           the JSON grammar below it
//	encode_session.go            connected, status, pong, auth_expiring, shutdown
//	encode_room.go               joined, left, presence, roster, typing, resync
//	encode_message.go            new_message, message_updated, message_history, committed ...
//	encode_reply.go              ack, throttled, error
//	encode_value.go              strings, numbers and times as JSON
//	frame.go, control.go         RFC 6455 frames around them
//	codes.go, close_codes.go     the one table of error codes, and that of close codes
//	text.go                      what a message text, a room's name and an id may be
//
// Encoders append to a buffer of the caller's and allocate nothing else, so that a broadcast is
// encoded once into the frame that every member of the room is sent:
//
//	frame := wire.Seal(wire.AppendNewMessage(wire.Begin(buf), room, seq, &msg, false))
//
// The client's side of the story is ops/docs/PROTOCOL.md.
package wire
