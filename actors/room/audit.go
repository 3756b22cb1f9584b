package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// audit logs the edits and deletions of an admin through a socket. The API logs its own.
func (r *Room) audit(m *WriteRequest, w *chat.Write, code wire.Code) {
	if m.Client == nil || !w.Author.Admin || w.Kind.AuditName() == "" {
		return
	}
	a := &chat.AuditEvent{Name: w.Kind.AuditName(), By: w.Author.ID, Via: "socket", Room: r.name, Target: w.Target, Result: chat.ResultOK}
	if w.Kind == chat.EntryBulkDelete {
		a.Target = w.UserID
	}
	if code != wire.CodeNone {
		a.Result = code.String()
	}
	a.Log(&r.deps.System.Log)
}
