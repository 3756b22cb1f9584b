package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// auditNames are the names of the audited kinds of entry.
var auditNames = map[chat.EntryKind]string{chat.KindEdit: "edit_message", chat.KindDelete: "delete_message", chat.KindBulkDelete: "bulk_delete"}

// audit logs the edits and deletions of an admin through a socket. The API logs its own.
func (r *Room) audit(s *publisher.AppendRequest, code wire.Code) {
	w := &s.Write
	if s.Client == nil || !w.Author.Admin || auditNames[w.Kind] == "" {
		return
	}
	a := &chat.AuditEvent{Name: auditNames[w.Kind], By: w.Author.ID, Via: "socket", Room: r.name, Target: w.Target, Result: chat.ResultOK}
	if w.Kind == chat.KindBulkDelete {
		a.Target = w.UserID
	}
	if code != wire.CodeNone {
		a.Result = code.String()
	}
	a.Log(&r.deps.System.Log)
}
