package chat

import (
	"github.com/rs/zerolog"
)

// AuditEvent is one action of a moderator. It never contains the text of a message.
type AuditEvent struct {
	Name   string // for example ban, edit_message
	By     string // user id of the admin; empty: a holder of the admin key
	Via    string // socket, session or key
	Room   string // empty if the action concerns no room
	Target string // user or message; empty: the room
	Reason string
	Result string // ResultOK or an error code
}

// ResultOK is the Result of a successful action.
const ResultOK = "ok"

// Log writes the event as one line with audit: true. Neither the log level nor a rate limit suppresses it.
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
