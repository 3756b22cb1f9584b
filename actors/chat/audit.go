package chat

import (
	"github.com/rs/zerolog"
)

// An AuditEvent is what a moderator did. It never holds the text of a message.
type AuditEvent struct {
	Name   string // such as ban, edit_message
	By     string // the admin's user id; empty: whoever holds the key
	Via    string // socket, session or key
	Room   string // where it is about a room
	Target string // the user or the message; empty: the room
	Reason string
	Result string // ok, or a stable code
}

// ResultOK is the Result of an act that was carried out.
const ResultOK = "ok"

// Log writes an act into the log, as one line with audit: true. No level and no limit of repeats holds
// it back.
func (a *AuditEvent) Log(log *zerolog.Logger) {
	e := log.Log().Str(zerolog.LevelFieldName, zerolog.InfoLevel.String()).Bool("audit", true).
		Str("act", a.Name).Str("via", a.Via).Str("result", a.Result)
	for _, f := range [...]struct{ name, value string }{
		{"by", a.By}, {"room", a.Room}, {"target", a.Target}, {"reason", a.Reason},
	} {
		if f.value != "" {
			e = e.Str(f.name, f.value)
		}
	}
	e.Msg("audit")
}
