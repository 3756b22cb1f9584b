package wire

// MaxTypeName is the most bytes of an unknown type's name that a Command keeps.
const MaxTypeName = 32

// commandNames spells the types; Unknown has no name that a client could send.
var commandNames = [...]string{
	Ping: "ping", Join: "join", Leave: "leave", SendMessage: "send_message",
	EditMessage: "edit_message", DeleteMessage: "delete_message", BulkDelete: "bulk_delete",
	History: "history", Who: "who", Typing: "typing", Auth: "auth",
}

// String is the type as clients spell it; "unknown" for Unknown.
func (t CommandType) String() string {
	if t == Unknown || int(t) >= len(commandNames) {
		return "unknown"
	}
	return commandNames[t]
}

// commandType walks the table rather than a map: comparing bytes with it allocates nothing.
func commandType(name []byte) CommandType {
	for t := Ping; int(t) < len(commandNames); t++ {
		if string(name) == commandNames[t] {
			return t
		}
	}
	return Unknown
}
