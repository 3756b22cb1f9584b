package wire

// Code is the reason for which a command was rejected. Its name is part of the protocol and never changes.
type Code uint8

// Codes of the error frame. CodeNone means success.
const (
	CodeNone Code = iota
	CodeBadJSON
	CodeBadField
	CodeUnknownType
	CodeNotJoined
	CodeBadRoom
	CodeTooManyRooms
	CodeEmptyMessage
	CodeMessageTooLong
	CodeBadText
	CodeForbidden
	CodeReadOnly
	CodeNotFound
	CodeMuted
	CodeUnauthorized
	CodeOverloaded
	CodeDegraded
	CodeConflict
	CodeInternal
	CodeShuttingDown
)

type codeInfo struct {
	name  string
	text  string // may be shown to users
	retry bool   // the same command may succeed later
}

// codes is the only table of error codes. A test compares it with PROTOCOL.md.
var codes = [...]codeInfo{
	CodeNone:           {"none", "No error.", false},
	CodeBadJSON:        {"bad_json", "The frame is not one JSON object in UTF-8.", false},
	CodeBadField:       {"bad_field", "A field is missing, or has a value of the wrong type or range.", false},
	CodeUnknownType:    {"unknown_type", "This command does not exist.", false},
	CodeNotJoined:      {"not_joined", "Join the room first.", false},
	CodeBadRoom:        {"bad_room", "A room name has 1 to 64 letters, digits, dots, underscores or hyphens.", false},
	CodeTooManyRooms:   {"too_many_rooms", "You have joined the maximum number of rooms.", false},
	CodeEmptyMessage:   {"empty_message", "The message is empty.", false},
	CodeMessageTooLong: {"message_too_long", "The message is too long.", false},
	CodeBadText:        {"bad_text", "The message contains characters that are not allowed.", false},
	CodeForbidden:      {"forbidden", "You may not do this.", false},
	CodeReadOnly:       {"read_only", "You may read here but not write.", false},
	CodeNotFound:       {"not_found", "This message does not exist.", false},
	CodeMuted:          {"muted", "You are muted.", false},
	CodeUnauthorized:   {"unauthorized", "The token is missing, invalid or expired.", false},
	CodeOverloaded:     {"overloaded", "The server is overloaded. Try again later.", true},
	CodeDegraded:       {"degraded", "This is unavailable until the server's storage has recovered.", true},
	CodeConflict:       {"conflict", "This id was used before for another request.", false},
	CodeInternal:       {"internal", "An internal error occurred on the server.", true},
	CodeShuttingDown:   {"shutting_down", "The server is shutting down. Reconnect and try again.", true},
}

func (c Code) info() codeInfo {
	if int(c) >= len(codes) {
		return codes[CodeInternal]
	}
	return codes[c]
}

// String returns the code as clients see it, for example "bad_json".
func (c Code) String() string { return c.info().name }

// Text returns one sentence that may be shown to users.
func (c Code) Text() string { return c.info().text }

// Retry reports whether the same command with the same id may succeed later.
func (c Code) Retry() bool { return c.info().retry }

// Error is the reason for which Decode rejected a frame.
type Error struct {
	Code  Code
	ID    string // id of the frame if it has a valid one, for the error frame
	Field string // CodeBadField: name of the field
}

// Error returns the name of the code and of the field, for logs.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Code.String()
	}
	return e.Code.String() + ": " + e.Field
}
