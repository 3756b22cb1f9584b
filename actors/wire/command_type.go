package wire

// MaxTypeName is the maximum length in bytes of the name of an unknown type in a Command.
const MaxTypeName = 32

// commandNames contains the names of the types in frames. Unknown has no name.
var commandNames = [commandTypes]string{
	Ping: "ping", Join: "join", Leave: "leave", SendMessage: "send_message",
	EditMessage: "edit_message", DeleteMessage: "delete_message", BulkDelete: "bulk_delete",
	History: "history", Who: "who", Typing: "typing", Auth: "auth",
}

// String returns the type as clients write it, or "unknown".
func (t CommandType) String() string {
	if t == Unknown || int(t) >= len(commandNames) {
		return "unknown"
	}
	return commandNames[t]
}

// commandType searches the table, because comparing bytes with it does not allocate.
func commandType(name []byte) CommandType {
	for t := Ping; int(t) < len(commandNames); t++ {
		if string(name) == commandNames[t] {
			return t
		}
	}
	return Unknown
}
