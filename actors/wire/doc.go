// Package wire encodes and decodes the client protocol: one JSON object in each WebSocket frame. No other package
// contains the name of a field, the text of an error or the header of a frame.
//
//	protocol.go        values in commands and frames
//	command_type.go    names of the commands
//	decode.go          Decode: a frame of a client as a Command, in one pass
//	decode_field.go    values of the fields of a Command
//	lexer.go           JSON grammar: objects, arrays, literals
//	lex_number.go      JSON grammar: numbers
//	lex_string.go      JSON grammar: strings
//	encode_session.go  connected, status, pong, auth_expiring, shutdown
//	encode_room.go     joined, left, presence, roster, typing, resync
//	encode_message.go  new_message, message_updated, message_history, committed, deletions
//	encode_reply.go    ack, throttled, error
//	encode_value.go    strings, numbers and times as JSON
//	frame.go           headers of frames (RFC 6455)
//	control.go         ping, pong and close frames
//	codes.go           table of error codes
//	close_codes.go     table of close codes
//	text.go            rules for texts and names
//
// Encoders append to a buffer of the caller and allocate nothing else. A broadcast is encoded once, into the frame that
// all members of the room receive:
//
//	frame := wire.Seal(wire.AppendNewMessage(wire.Begin(buf), room, seq, &msg, false))
//
// ops/docs/PROTOCOL.md describes the protocol for clients.
package wire
